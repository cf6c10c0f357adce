// SPDX-License-Identifier: Apache-2.0
import Testing
import malla

@Suite struct StoryClaimTests {
    @Test(arguments: [(196, true), (200, true), (259, true), (261, false), (139, false), (0, false)])
    func `the canary's share`(v2: Int, held: Bool) {
        let claim = StoryClaim.canaryShare(
            BurstReport(sent: 2000, statuses: ["200": 2000], versions: ["v1": 2000 - v2, "v2": v2]))
        #expect(claim.held == held)
        if v2 == 196 { #expect(claim.line == "ok    canary v2 share 9.8 % of 2000") }
        if v2 == 0 {
            #expect(
                claim.line == "FAILED canary v2 share 0 % of 2000; expected: 7 to 13 %, every request answered by v1 or v2")
        }
    }

    @Test func `an error on the way breaks the canary's claim and is told`() {
        let claim = StoryClaim.canaryShare(
            BurstReport(
                sent: 100, statuses: ["200": 99, "503": 1], versions: ["v1": 89, "v2": 10], refusals: ["no healthy upstream": 1]))
        #expect(!claim.held)
        #expect(claim.text.contains("1 × 503: no healthy upstream"))
    }

    @Test func `ejection needs failures first and none later`() {
        #expect(StoryClaim.ejection(failing: (first: 7, second: 0), sent: (first: 600, second: 300)).held)
        #expect(!StoryClaim.ejection(failing: (first: 7, second: 1), sent: (first: 600, second: 300)).held)
        #expect(!StoryClaim.ejection(failing: (first: 0, second: 0), sent: (first: 600, second: 300)).held)
        #expect(!StoryClaim.ejection(failing: (first: 300, second: 0), sent: (first: 600, second: 300)).held)
    }

    @Test(arguments: [(505.0, 10, true), (350.0, 10, false), (1100.0, 10, false), (505.0, 9, false)])
    func `the timeout comes when it is configured, with its flag`(p50: Double, flagged: Int, held: Bool) {
        let report = BurstReport(sent: 10, statuses: ["504": 10], p50Milliseconds: p50)
        #expect(StoryClaim.timeout(report, flagged: flagged, configured: 500).held == held)
    }

    @Test(arguments: [(1000, 1003, true), (999, 1000, false), (1000, 998, false), (0, 0, false)])
    func `gRPC calls are OK, and the sidecar says so too`(answered: Int, counted: Int, held: Bool) {
        let claim = StoryClaim.grpcCalls(
            BurstReport(sent: 1000, statuses: ["200": answered, "14": 1000 - answered]), counted: counted)
        #expect(claim.held == held)
        #expect(claim.text.hasPrefix("gRPC calls \(min(answered, counted)) of 1000 OK over HTTP/2"))
    }

    @Test(arguments: [("4", 205.0, true), ("4", 150.0, false), ("4", 1500.0, false), ("200", 205.0, false), ("14", 205.0, false)])
    func `a gRPC deadline ends the call in time, by its own status`(status: String, p50: Double, held: Bool) {
        let report = BurstReport(sent: 10, statuses: [status: 10], p50Milliseconds: p50)
        #expect(StoryClaim.grpcDeadline(report, milliseconds: 200).held == held)
    }

    @Test func `a denied caller meets the exact words`() {
        #expect(StoryClaim.denied(BurstReport(sent: 5, statuses: ["403": 5], refusals: ["RBAC: access denied": 5])).held)
        #expect(!StoryClaim.denied(BurstReport(sent: 5, statuses: ["403": 5], refusals: ["forbidden": 5])).held)
    }

    @Test func `one open request breaks the claim of mutual TLS`() {
        var table = EdgeTable()
        var counters = EdgeCounters()
        counters.received = 10
        counters.receivedOverMutualTLS = 10
        table.edges[MeshEdge(source: "a", destination: "b")] = counters
        #expect(StoryClaim.mutualTLS(table).held)
        counters.receivedOverMutualTLS = 9
        table.edges[MeshEdge(source: "a", destination: "c")] = counters
        #expect(
            StoryClaim.mutualTLS(table)
                == StoryClaim(
                    "mutual TLS on 1 of 2 edges, 20 requests, not a to c", held: false, expected: "on every edge, and at least one")
        )
        #expect(!StoryClaim.mutualTLS(EdgeTable()).held)
    }
}
