// SPDX-License-Identifier: Apache-2.0
import Foundation
import ProxyRuntime
import Testing

@Suite struct BufferedLogWriterTests {
    static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func `lines of many writers are whole, in order for each, and none is lost`() async throws {
        try await withTestDirectory { directory in
            let path = directory + "/access.log"
            let writer = BufferedLogWriter()
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask { for index in 0..<1000 { writer.write("\(task) \(index)\n", to: path) } }
                }
            }
            writer.flush()
            let lines = try Self.lines(path)
            #expect(lines.count == 4000 && writer.dropped == 0)
            for task in 0..<4 {
                #expect(lines.filter { $0.hasPrefix("\(task) ") } == (0..<1000).map { "\(task) \($0)" })
            }
        }
    }

    @Test func `what does not fit into the buffer is given up and counted`() async throws {
        try await withTestDirectory { directory in
            let writer = BufferedLogWriter(limit: 10)
            writer.write(String(repeating: "x", count: 11), to: directory + "/a")
            #expect(writer.dropped == 1)
            writer.write("fits\n", to: directory + "/a")
            writer.flush()
            let lines = try Self.lines(directory + "/a")
            #expect(lines == ["fits"])
            #expect(writer.dropped == 1)
        }
    }

    @Test func `after a rotation lines go to the new file`() async throws {
        try await withTestDirectory { directory in
            let path = directory + "/access.log"
            let writer = BufferedLogWriter()
            writer.write("one\n", to: path)
            writer.flush()
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            writer.write("two\n", to: path)
            writer.flush()
            writer.reopen()
            writer.write("three\n", to: path)
            writer.flush()
            #expect(try Self.lines(path + ".1") == ["one", "two"])
            #expect(try Self.lines(path) == ["three"])
        }
    }

    @Test func `a file that cannot be opened costs its lines, not those of others`() async throws {
        try await withTestDirectory { directory in
            let writer = BufferedLogWriter()
            writer.write("x\n", to: directory + "/none/a.log")
            writer.write("y\n", to: directory + "/b.log")
            writer.flush()
            #expect(writer.dropped == 1)
            let lines = try Self.lines(directory + "/b.log")
            #expect(lines == ["y"])
        }
    }
}
