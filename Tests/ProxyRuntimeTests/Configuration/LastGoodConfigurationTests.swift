// SPDX-License-Identifier: Apache-2.0
import Foundation
import ProxyRuntime
import Testing
import XDSProtocol

@Suite struct LastGoodConfigurationTests {
    static func table(_ count: Int) -> ResourceTable {
        var table = ResourceTable()
        for index in 0..<count {
            table.apply(.cluster, upserted: [XDSResource(name: "c\(index)", payload: [UInt8(index)])], removed: [])
        }
        table.apply(.secret, upserted: [XDSResource(name: "s", payload: [1])], removed: [])
        return table
    }

    @Test func `what was saved last is loaded, without secrets, readable by its owner only`() async throws {
        try await withTestDirectory { directory in
            let log = RecordedLog()
            let lastGood = LastGoodConfiguration(directory: directory, logger: log.logger)
            #expect(try lastGood.load() == nil)
            for count in 1...20 { lastGood.save(Self.table(count)) }
            lastGood.flush()
            let loaded = try #require(try LastGoodConfiguration(directory: directory, logger: log.logger).load())
            #expect(loaded[.cluster] == Self.table(20)[.cluster] && loaded[.secret].isEmpty)
            let attributes = try FileManager.default.attributesOfItem(atPath: directory + "/last-good.pb")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["last-good.pb"])
        }
    }

    @Test(arguments: [0, 1, 17, 60, 1000])
    func `a file that was cut is damaged`(_ length: Int) async throws {
        try await withTestDirectory { directory in
            let lastGood = LastGoodConfiguration(directory: directory, logger: RecordedLog().logger)
            lastGood.save(Self.table(20))
            lastGood.flush()
            let file = URL(fileURLWithPath: directory + "/last-good.pb")
            try Data(contentsOf: file).prefix(length).write(to: file)
            let error = #expect(throws: BootstrapError.self) { try lastGood.load() }
            #expect(error?.reason == "is damaged")
        }
    }

    @Test func `a changed byte is found`() async throws {
        try await withTestDirectory { directory in
            let lastGood = LastGoodConfiguration(directory: directory, logger: RecordedLog().logger)
            lastGood.save(Self.table(3))
            lastGood.flush()
            let file = URL(fileURLWithPath: directory + "/last-good.pb")
            let good = try Data(contentsOf: file)
            for index in good.indices {
                var changed = good
                changed[index] ^= 1
                try changed.write(to: file)
                #expect(throws: BootstrapError.self, "byte \(index)") { try lastGood.load() }
            }
        }
    }

    @Test func `a disk that refuses is said once`() async throws {
        try await withTestDirectory { directory in
            let log = RecordedLog()
            let lastGood = LastGoodConfiguration(directory: directory + "/none", logger: log.logger)
            for count in 1...3 {
                lastGood.save(Self.table(count))
                lastGood.flush()
            }
            #expect(log.lines.count == 1)
            #expect(log.lines.first?.hasPrefix("warning last good configuration cannot be kept") == true)
        }
    }
}
