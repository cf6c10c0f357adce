// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import Testing
import XDSProtocol

@testable import ProxyRuntime

@Suite struct FileResourceSourceTests {
    /// Does one step each time the source would sleep, and ends it after the last.
    final class Steps: Sendable {
        private let rest: Mutex<[@Sendable () async throws -> Void]>
        init(_ steps: [@Sendable () async throws -> Void]) { self.rest = Mutex(steps) }
        func next() async throws {
            let step = self.rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            guard let step else { throw CancellationError() }
            try await step()
        }
    }

    static func clusters(_ names: String...) -> String {
        let entries = names.map { "- {\"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster, name: \($0)}" }
        return "version_info: '1'\nresources:\n" + entries.joined(separator: "\n") + "\n"
    }

    /// Replaces the file, as Envoy wants it: a new one moved over the old.
    static func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path + ".new", atomically: false, encoding: .utf8)
        guard rename(path + ".new", path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    @Test func `a file is taken over, and again when it is replaced; a bad one changes nothing and is said`() async throws {
        try await withTestDirectory { directory in
            let path = directory + "/cds.yaml"
            let rig = await ConfigurationAgentTests.Rig()
            let plane = rig.plane
            let log = rig.log
            let expect: @Sendable (Set<String>) -> Void = { #expect(plane.running.names(of: .cluster) == $0) }
            let steps = Steps([
                {
                    expect([]); try Self.write(Self.clusters("a", "b"), path)
                },
                { expect(["a", "b"]) },
                {
                    #expect(plane.applied.count == 1); try Self.write("resources: [{", path)
                },
                {
                    expect(["a", "b"]); #expect(log.lines.last?.contains("not taken over") == true)
                },
                { try Self.write(Self.clusters("a", "a"), path) },
                {
                    expect(["a", "b"]); #expect(log.lines.last?.contains("another 'a'") == true)
                },
                { try Self.write("resources: [{'@type': type.googleapis.com/envoy.config.listener.v3.Listener, name: l}]", path) },
                {
                    expect(["a", "b"]); #expect(log.lines.last?.contains("resources[0]: is a type.googleapis.com") == true)
                },
                { try Self.write(Self.clusters("b"), path) },
                {
                    expect(["b"]); try FileManager.default.removeItem(atPath: path)
                },
                {
                    expect(["b"]); #expect(log.lines.last?.contains("cannot be read") == true)
                },
            ])
            let source = FileResourceSource(
                paths: [.cluster: path], agent: rig.agent, sleep: { try await steps.next() }, logger: log.logger)
            await #expect(throws: CancellationError.self) { try await source.run() }
        }
    }
}
