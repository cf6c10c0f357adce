// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing

/// The same requests to a stock Envoy and to malla-proxy, both started from the same file: the same answers, the same forwarded
/// head and body, the same end of the connection; or a difference that `KnownDifferences` gives the reason for.
@Suite(.serialized, .timeLimit(.minutes(10))) struct DifferentialTests {
    /// Beside this test, unless it is told.
    static let proxy =
        ProcessInfo.processInfo.environment["MALLA_PROXY"]
        ?? URL(filePath: Bundle.main.executablePath ?? "/").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "malla-proxy").path

    static let envoy: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/envoy" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static let isPossible = envoy != nil && FileManager.default.isExecutableFile(atPath: proxy)

    @Test func `there are at least 2,000 cases and no name stands twice`() {
        let names = DifferentialCase.all.map(\.description)
        #expect(names.count >= 2000)
        #expect(Set(names).count == names.count)
        let listed = KnownDifferences.all.flatMap(\.names)
        #expect(Set(listed).count == listed.count)
        let unknown = Set(listed).subtracting(names)
        #expect(unknown.isEmpty, "\(unknown.sorted())")
    }

    @Test(.enabled(if: isPossible, "needs envoy on PATH and malla-proxy beside the tests"), arguments: BootstrapFile.allCases)
    func `malla-proxy answers as Envoy does`(_ bootstrap: BootstrapFile) async throws {
        let upstream = try await EchoUpstream.start()
        let http2 = try await EchoUpstream.start(isHTTP2: true)
        let closed = try await EchoUpstream.start()
        await closed.stop()
        try await ProxyPair.run(
            of: bootstrap,
            bootstrap: { _ in bootstrap.text(upstream: upstream.port, http2: http2.port, closed: closed.port) }
        ) { pair in
            await Self.compare(DifferentialCase.all.filter { $0.listener.bootstrap == bootstrap }, pair.envoy, pair.malla)
        }
        await upstream.stop()
        await http2.stop()
    }

    private static func compare(_ tests: [DifferentialCase], _ envoy: ProxyUnderTest, _ malla: ProxyUnderTest) async {
        await withTaskGroup(of: Void.self) { group in
            var waiting = tests.makeIterator()
            for _ in 0..<16 {
                guard let test = waiting.next() else { break }
                group.addTask { await Self.compare(test, envoy, malla) }
            }
            for await _ in group {
                guard let test = waiting.next() else { continue }
                group.addTask { await Self.compare(test, envoy, malla) }
            }
        }
    }

    private static func compare(_ test: DifferentialCase, _ envoy: ProxyUnderTest, _ malla: ProxyUnderTest) async {
        let outcomes: (wanted: Outcome, got: Outcome)
        do {
            async let theirs = envoy.outcome(of: test)
            async let ours = malla.outcome(of: test)
            outcomes = try await (theirs, ours)
        } catch {
            Issue.record("\(test): \(error)")
            return
        }
        let (wanted, got) = outcomes
        let difference = wanted.difference(to: got)
        let known = KnownDifferences.byName[test.description]
        #expect(
            difference == known?.kind,
            "\(test)\(known.map { " (listed: \($0.reason))" } ?? "")\n--- envoy\n\(wanted)\n--- malla\n\(got)\n")
    }
}
