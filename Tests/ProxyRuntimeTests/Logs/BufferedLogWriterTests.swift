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
                    group.addTask { for index in 0..<1000 { writer.write(Array("\(task) \(index)\n".utf8), to: path) } }
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
            writer.write(Array("longer than that\n".utf8), to: directory + "/a")
            #expect(writer.dropped == 1)
            writer.write(Array("fits\n".utf8), to: directory + "/a")
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
            writer.write(Array("one\n".utf8), to: path)
            writer.flush()
            try FileManager.default.moveItem(atPath: path, toPath: path + ".1")
            writer.write(Array("two\n".utf8), to: path)
            writer.flush()
            writer.reopen()
            writer.write(Array("three\n".utf8), to: path)
            writer.flush()
            #expect(try Self.lines(path + ".1") == ["one", "two"])
            #expect(try Self.lines(path) == ["three"])
        }
    }

    @Test func `a file that cannot be opened costs its lines, not those of others`() async throws {
        try await withTestDirectory { directory in
            let writer = BufferedLogWriter()
            writer.write(Array("x\n".utf8), to: directory + "/none/a.log")
            writer.write(Array("y\n".utf8), to: directory + "/b.log")
            writer.flush()
            #expect(writer.dropped == 1)
            let lines = try Self.lines(directory + "/b.log")
            #expect(lines == ["y"])
        }
    }
}
