// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import Observability
import ProxyModel
import SPIFFE
import Synchronization
import Testing

@testable import ProxyRuntime

@Suite struct CertificateFileWatchTests {
    /// Names its files, and refuses those that hold `bad`.
    final class Files: DataPlane {
        let certificateFiles: Set<String>
        private let state = Mutex<[Set<String>]>([])
        var reloaded: [Set<String>] { self.state.withLock { $0 } }

        init(_ files: Set<String>) { self.certificateFiles = files }

        func reloadCertificates(_ files: Set<String>) -> [String] {
            self.state.withLock { $0.append(files) }
            return files.filter { (try? String(contentsOfFile: $0, encoding: .utf8)) == "bad" }.map { "\($0) is bad" }
        }

        func apply(_ table: ResourceTable) async throws {}
        func install(_ credential: WorkloadCredential) async throws {}
        func secure(_ channel: any Channel, as tls: ClientTLSContext) throws {}
        var certificates: [TLSInventoryEntry] { [] }
        func metrics() async -> MetricSnapshot { MetricSnapshot() }
        func listeners() async -> [ListenerStatus] { [] }
        func clusters() async -> [ClusterStatus] { [] }
        func stopListening() async {}
        func drain(grace: Duration) async {}
        func drainListeners(over time: Duration) async {}
    }

    @Test func `a file is read again when it is written, moved over or swapped by its directory's link`() async throws {
        try await withTestDirectory { directory in
            let plain = directory + "/key.pem"
            let linked = directory + "/live/cert.pem"
            func write(_ text: String, _ path: String) throws {
                try text.write(toFile: path, atomically: false, encoding: .utf8)
            }
            for version in ["v1", "v2"] {
                try FileManager.default.createDirectory(atPath: "\(directory)/\(version)", withIntermediateDirectories: false)
                try write(version, "\(directory)/\(version)/cert.pem")
            }
            try FileManager.default.createSymbolicLink(atPath: directory + "/live", withDestinationPath: "v1")
            try write("one", plain)
            let plane = Files([plain, linked])
            let log = RecordedLog()
            let steps = FileResourceSourceTests.Steps([
                { #expect(plane.reloaded == [[plain, linked]]) },
                {
                    #expect(plane.reloaded.count == 1)
                    try "three".write(toFile: plain, atomically: true, encoding: .utf8)
                },
                {
                    #expect(plane.reloaded.last == [plain] && plane.reloaded.count == 2)
                    #expect(log.lines.last?.hasPrefix("info") == true)
                    try FileManager.default.removeItem(atPath: directory + "/live")
                    try FileManager.default.createSymbolicLink(atPath: directory + "/live", withDestinationPath: "v2")
                },
                {
                    #expect(plane.reloaded.last == [linked] && plane.reloaded.count == 3)
                    try "bad".write(toFile: plain, atomically: true, encoding: .utf8)
                },
                { #expect(log.lines.last?.contains("what was read before stays") == true) },
            ])
            let watch = CertificateFileWatch(dataPlane: plane, sleep: { try await steps.next() }, logger: log.logger)
            await #expect(throws: CancellationError.self) { try await watch.run() }
        }
    }
}
