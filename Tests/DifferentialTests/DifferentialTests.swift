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

    @Test func `there are at least 400 cases and no name stands twice`() {
        let names = DifferentialCase.all.map(\.description)
        #expect(names.count >= 400)
        #expect(Set(names).count == names.count)
        let unknown = OpenDifferences.names.union(KnownDifferences.reasons.keys).subtracting(names)
        #expect(unknown.isEmpty, "\(unknown.sorted())")
    }

    @Test(.enabled(if: isPossible, "needs envoy on PATH and malla-proxy beside the tests"))
    func `malla-proxy answers as Envoy does`() async throws {
        let directory = NSTemporaryDirectory() + "malla-differential-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let upstream = try await EchoUpstream.start()
        let closed = try await EchoUpstream.start()
        let file = "\(directory)/bootstrap.yaml"
        try BootstrapFile.text(upstream: upstream.port, closed: closed.port).write(toFile: file, atomically: true, encoding: .utf8)
        await closed.stop()
        let envoy = try await ProxyUnderTest.start(
            Self.envoy ?? "", ["--use-dynamic-base-id", "--log-level", "warning"], bootstrap: file, directory: "\(directory)/envoy")
        do {
            let malla = try await ProxyUnderTest.start(
                Self.proxy, ["--log-level", "warning"], bootstrap: file, directory: "\(directory)/malla")
            try await Self.compare(envoy, malla)
            await malla.stop()
        } catch {
            await envoy.stop()
            throw error
        }
        await envoy.stop()
        await upstream.stop()
    }

    private static func compare(_ envoy: ProxyUnderTest, _ malla: ProxyUnderTest) async throws {
        var differing: [String] = []
        await withTaskGroup(of: (String, Bool).self) { group in
            var waiting = DifferentialCase.all.makeIterator()
            for _ in 0..<12 {
                guard let test = waiting.next() else { break }
                group.addTask { (test.description, await Self.differs(test, envoy, malla)) }
            }
            for await (name, differs) in group {
                if differs { differing.append(name) }
                guard let test = waiting.next() else { continue }
                group.addTask { (test.description, await Self.differs(test, envoy, malla)) }
            }
        }
        try OpenDifferences.record(differing)
    }

    private static func differs(_ test: DifferentialCase, _ envoy: ProxyUnderTest, _ malla: ProxyUnderTest) async -> Bool {
        let outcomes: (wanted: Outcome, got: Outcome)
        do {
            async let theirs = envoy.outcome(of: test)
            async let ours = malla.outcome(of: test)
            outcomes = try await (theirs, ours)
        } catch {
            Issue.record("\(test): \(error)")
            return true
        }
        let (wanted, got) = outcomes
        if let reason = KnownDifferences.reasons[test.description] {
            #expect(wanted != got, "\(test): listed as a difference (\(reason)), but there is none any more")
        } else {
            withKnownIssue("still to be mended", isIntermittent: true) {
                #expect(wanted == got, "\(test)\n--- envoy\n\(wanted)\n--- malla\n\(got)\n")
            } when: {
                OpenDifferences.names.contains(test.description)
            }
        }
        return wanted != got
    }
}
