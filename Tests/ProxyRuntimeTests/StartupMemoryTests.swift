// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Testing

@testable import ProxyRuntime

@Suite struct StartupMemoryTests {
    /// Resident pages of files, in KiB; nil where the system does not say.
    private static var residentFilePages: Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return nil }
        return status.split(separator: "\n").first { $0.hasPrefix("RssFile:") }?
            .split(whereSeparator: { $0.isWhitespace }).dropFirst().first.flatMap { Int($0) }
    }

    @Test(.enabled(if: residentFilePages != nil, "needs /proc"))
    func `the program's pages are given back, and come again when they are needed`() async throws {
        let before = try #require(Self.residentFilePages)
        try await StartupMemory.release(whenLive: ReadinessGate(needsCertificate: false, needsConfiguration: false))
        let after = try #require(Self.residentFilePages)
        #expect(after < before)
        // What has been dropped still runs.
        let bootstrap = try BootstrapReader.read("node: {id: x}")
        #expect(bootstrap.message.hasNode)
    }

    @Test func `not before the proxy is live`() async {
        let gate = ReadinessGate(needsCertificate: false, needsConfiguration: true)
        let waiting = Task { try await StartupMemory.release(whenLive: gate) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
