// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// The same clients at a stock Envoy and at malla-proxy: whatever we serve of connection managers, routers, listeners, TCP proxies and
/// clusters has grown by as much as Envoy's, and we serve nothing that Envoy does not.
@Suite(
    .timeLimit(.minutes(5)), .serialized,
    .enabled(if: DifferentialTests.isPossible, "needs envoy on PATH and malla-proxy beside the tests"))
struct StatDifferenceTests {
    private struct Pair: Sendable {
        var envoy: ProxyUnderTest
        var malla: ProxyUnderTest
        /// Admin ports.
        var theirs: Int
        var ours: Int
    }

    private static let groups = ["http.", "listener.", "tcp.", "cluster.", "listener_manager.", "cluster_manager."]

    @Test func `every counter that we serve is Envoy's`() async throws {
        let (upstream, closed) = (try await EchoUpstream.start(), try await EchoUpstream.start())
        await closed.stop()
        var certificate: (chain: String, key: String)?
        try await ProxyPair.run(
            bootstrap: { directory in
                certificate = await Self.certificate(in: directory)
                return CounterBootstrap.text(upstream: upstream.port, closed: closed.port, certificate: certificate)
            }
        ) { proxies in
            let (theirs, ours) = try proxies.admins()
            let pair = Pair(envoy: proxies.envoy, malla: proxies.malla, theirs: theirs, ours: ours)
            try await Self.compareNames(pair)
            for test in CounterCase.all { try await Self.compare(test, pair) }
            if certificate != nil { try await Self.compareTLS(pair) }
            try await Self.compareMetricNames(pair)
        }
        await upstream.stop()
    }

    // MARK: What is served

    private static func compareNames(_ pair: Pair) async throws {
        let (theirs, ours) = (try await Self.stats(pair.theirs), try await Self.stats(pair.ours))
        #expect(ours.count > 600)
        #expect(Set(ours.keys).subtracting(theirs.keys).sorted() == [], "only ours")
        let unequal = ours.filter { theirs[$0.key] != nil && theirs[$0.key] != $0.value }.keys.sorted()
        #expect(unequal == [], "not the same at the start")
    }

    private static func compareMetricNames(_ pair: Pair) async throws {
        let (theirs, ours) = (try await Self.metrics(pair.theirs), try await Self.metrics(pair.ours))
        #expect(ours.subtracting(theirs).sorted() == [], "only ours in /stats/prometheus")
    }

    // MARK: What is counted

    private static func compare(_ test: CounterCase, _ pair: Pair) async throws {
        let before = (theirs: try await Self.stats(pair.theirs), ours: try await Self.stats(pair.ours))
        async let first: Void = Self.run(test, pair.envoy, admin: pair.theirs)
        async let second: Void = Self.run(test, pair.malla, admin: pair.ours)
        _ = try await (first, second)
        try await Self.compareGrowth(test.name, before, pair, differing: test.differing?.names ?? [])
    }

    private static func compareGrowth(
        _ name: String, _ before: (theirs: [String: Int], ours: [String: Int]), _ pair: Pair, differing: [String] = []
    ) async throws {
        // Heads and HPACK of answers are not byte for byte the same: a time has other digits.
        let differing = differing + ["downstream_cx_tx_bytes_total"]
        var differences: [String] = []
        try? await waitUntil("\(name) to be counted", within: .seconds(3)) {
            let (theirs, ours) = (try await Self.stats(pair.theirs), try await Self.stats(pair.ours))
            differences = ours.keys.filter { key in !differing.contains { key.hasSuffix($0) } }.compactMap { key in
                let wanted = (theirs[key] ?? 0) - (before.theirs[key] ?? 0)
                let got = (ours[key] ?? 0) - (before.ours[key] ?? 0)
                return wanted == got ? nil : "\(key): Envoy \(wanted), malla \(got)"
            }.sorted()
            return differences.isEmpty
        }
        #expect(differences == [], "\(name)")
    }

    private static func run(_ test: CounterCase, _ proxy: ProxyUnderTest, admin: Int) async throws {
        let before = try await Self.stats(admin)
        let connection = try await RawConnection.open(port: try #require(proxy.ports[test.listener]))
        var counted = before
        for step in test.steps {
            switch step {
            case .send(let bytes): try? await connection.send(bytes)
            case .receive(let part): _ = await connection.receive(within: .seconds(3)) { $0.text.contains(part) }
            case .receiveAll: _ = await connection.receive(within: .milliseconds(1500)) { _ in false }
            case .count(let counter):
                let known = counted[counter] ?? 0
                try? await waitUntil("\(counter) to grow", within: .seconds(2)) {
                    counted = try await Self.stats(admin)
                    return counted[counter] ?? 0 > known
                }
            }
        }
        await connection.close()
    }

    // MARK: TLS

    private static func compareTLS(_ pair: Pair) async throws {
        for options in [["--http1.1"], ["--http2"], ["--http1.1", "--tls-max", "1.2"]] {
            let before = (theirs: try await Self.stats(pair.theirs), ours: try await Self.stats(pair.ours))
            for proxy in [pair.envoy, pair.malla] {
                let port = try #require(proxy.ports["tls"])
                #expect(await Self.run(["curl", "-sk"] + options + ["https://127.0.0.1:\(port)/up"]))
            }
            try await Self.compareGrowth("TLS \(options)", before, pair)
        }
    }

    /// nil where the programs are missing that TLS needs here.
    private static func certificate(in directory: String) async -> (chain: String, key: String)? {
        let (chain, key) = ("\(directory)/chain.pem", "\(directory)/key.pem")
        let make = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=a"]
        guard await Self.run(["curl", "--version"]),
            await Self.run(["openssl", "req", "-x509"] + make + ["-keyout", key, "-out", chain])
        else { return nil }
        return (chain, key)
    }

    private static func run(_ command: [String]) async -> Bool {
        guard let program = command.first else { return false }
        return (try? await ProgramRun.run(program, Array(command.dropFirst())))?.code == 0
    }

    // MARK: Reading

    private static func stats(_ admin: Int) async throws -> [String: Int] {
        var stats: [String: Int] = [:]
        for line in try await AdminShapeTests.ask("GET", "/stats", admin).body.split(separator: "\n") {
            guard let colon = line.lastIndex(of: ":"), Self.groups.contains(where: { line.hasPrefix($0) }),
                let value = Int(line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
            else { continue }
            stats[String(line[..<colon])] = value
        }
        return stats
    }

    /// Names with labels, whose order means nothing.
    private static func metrics(_ admin: Int) async throws -> Set<String> {
        var metrics: Set<String> = []
        for line in try await AdminShapeTests.ask("GET", "/stats/prometheus", admin).body.split(separator: "\n") {
            guard ["envoy_http_", "envoy_listener_", "envoy_tcp_", "envoy_cluster_"].contains(where: { line.hasPrefix($0) }),
                let end = line.lastIndex(of: " ")
            else { continue }
            let parts = line[..<end].split(separator: "{", maxSplits: 1)
            let labels = parts.count > 1 ? parts[1].dropLast().split(separator: ",").sorted().joined(separator: ",") : ""
            metrics.insert("\(parts[0]){\(labels)}")
        }
        return metrics
    }
}
