// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One thing the demo claims, with the figure that was measured and whether it held.
package struct StoryClaim: Sendable, Hashable {
    package var text: String
    package var held: Bool

    /// `expected` is told when the claim did not hold.
    package init(_ text: String, held: Bool, expected: String) {
        self.text = held ? text : "\(text); expected: \(expected)"
        self.held = held
    }

    package var line: String { (held ? "ok    " : "FAILED ") + text }
}

extension StoryClaim {
    /// Within 3 points of the weight: 4.5 standard deviations for 10 % of 2000.
    package static func canaryShare(_ report: BurstReport, weight: Double = 10) -> StoryClaim {
        let share = percent(report.versions["v2"] ?? 0, of: report.sent)
        let whole = (report.versions["v1"] ?? 0) + (report.versions["v2"] ?? 0) == report.sent
        return StoryClaim(
            "canary v2 share \(number(share)) % of \(report.sent)" + failures(report), held: whole && abs(share - weight) <= 3,
            expected: "\(number(weight - 3)) to \(number(weight + 3)) %, every request answered by v1 or v2")
    }

    package static func canaryHeader(_ report: BurstReport) -> StoryClaim {
        let v2 = report.versions["v2"] ?? 0
        return StoryClaim(
            "canary: true header to v2 \(v2) of \(report.sent)" + failures(report), held: v2 == report.sent,
            expected: "all of them")
    }

    /// `reached`: requests that the failing instance got in the first burst and in the second.
    package static func ejection(failing reached: (first: Int, second: Int), sent: (first: Int, second: Int)) -> StoryClaim {
        StoryClaim(
            "failing payment instance ejected after \(reached.first) of \(sent.first) requests, \(reached.second) of the next "
                + "\(sent.second) reached it",
            held: reached.first > 0 && reached.first * 5 < sent.first && reached.second == 0,
            expected: "after 1 to \(sent.first / 5 - 1) requests, and 0 of the next")
    }

    package static func noClientErrors(_ reports: [BurstReport]) -> StoryClaim {
        let sent = reports.map(\.sent).reduce(0, +)
        let answered = reports.map { $0.statuses["200"] ?? 0 }.reduce(0, +)
        return StoryClaim(
            "client errors while it failed \(sent - answered) of \(sent)" + (reports.first.map(failures) ?? ""),
            held: sent == answered, expected: "0")
    }

    package static func denied(_ report: BurstReport) -> StoryClaim {
        let denied = min(report.statuses["403"] ?? 0, report.refusals["RBAC: access denied"] ?? 0)
        return StoryClaim(
            "denied caller (order-service to user-service) 403 RBAC: access denied \(denied) of \(report.sent)",
            held: denied == report.sent, expected: "all of them")
    }

    package static func plaintext(refused: Int, of attempts: Int, answer: String?) -> StoryClaim {
        StoryClaim(
            "plaintext caller refused \(refused) of \(attempts)" + (answer.map { ", answered: \($0.prefix(60))" } ?? ""),
            held: refused == attempts, expected: "all of them")
    }

    /// `flagged`: how many of them the caller's sidecar counted as 504 UT.
    package static func timeout(_ report: BurstReport, flagged: Int, configured milliseconds: Double) -> StoryClaim {
        let timedOut = report.statuses["504"] ?? 0
        // A busy machine answers late, but not as late as a caller who had waited for the service.
        let onTime = (milliseconds * 0.96...milliseconds * 2).contains(report.p50Milliseconds)
        return StoryClaim(
            "slow auth-service 504 UT \(min(timedOut, flagged)) of \(report.sent) after \(number(report.p50Milliseconds)) ms "
                + "(timeout \(number(milliseconds)) ms)" + (timedOut == report.sent ? "" : failures(report)),
            held: timedOut == report.sent && flagged >= report.sent && onTime,
            expected: "all of them 504 with the flag UT, after \(number(milliseconds * 0.96)) to \(number(milliseconds * 2)) ms")
    }

    /// `counted`: calls that the caller's sidecar saw end with gRPC's status 0; steady traffic may be among them.
    package static func grpcCalls(_ report: BurstReport, counted: Int) -> StoryClaim {
        let answered = report.statuses["200"] ?? 0
        return StoryClaim(
            "gRPC calls \(min(answered, counted)) of \(report.sent) OK over HTTP/2 (p99 \(number(report.p99Milliseconds)) ms)"
                + failures(report),
            held: answered == report.sent && counted >= report.sent,
            expected: "all of them, also by the sidecar's count (\(counted))")
    }

    /// 4: gRPC's DEADLINE_EXCEEDED.
    package static func grpcDeadline(_ report: BurstReport, milliseconds: Double) -> StoryClaim {
        let late = report.statuses["4"] ?? 0
        let onTime = (milliseconds * 0.96...milliseconds * 4).contains(report.p50Milliseconds)
        return StoryClaim(
            "gRPC deadline exceeded \(late) of \(report.sent) after \(number(report.p50Milliseconds)) ms (deadline "
                + "\(number(milliseconds)) ms)" + (late == report.sent ? "" : failures(report)),
            held: late == report.sent && onTime,
            expected: "all of them, after \(number(milliseconds * 0.96)) to \(number(milliseconds * 4)) ms")
    }

    package static func mutualTLS(_ table: EdgeTable) -> StoryClaim {
        let edges = table.edges.filter { $0.value.received > 0 }
        let secured = edges.filter { $0.value.received == $0.value.receivedOverMutualTLS }
        let requests = edges.values.map(\.received).reduce(0, +)
        let open = edges.keys.filter { secured[$0] == nil }.sorted().map { ", not \($0.source) to \($0.destination)" }.joined()
        return StoryClaim(
            "mutual TLS on \(secured.count) of \(edges.count) edges, \(Int(requests)) requests" + open,
            held: !edges.isEmpty && secured.count == edges.count, expected: "on every edge, and at least one")
    }

    package static func steadyTraffic(sent: Int, failed: Int, lastFailure: String?) -> StoryClaim {
        StoryClaim(
            "steady traffic \(sent) requests, \(failed) failed" + (lastFailure.map { " (\($0.prefix(300)))" } ?? ""),
            held: sent > 0 && failed == 0, expected: "at least one request, 0 failed")
    }

    private static func percent(_ part: Int, of whole: Int) -> Double { whole == 0 ? 0 : 100 * Double(part) / Double(whole) }
    private static func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
    }

    private static func failures(_ report: BurstReport) -> String {
        let failed = report.statuses.filter { $0.key != "200" }.sorted { $0.key < $1.key }
        guard !failed.isEmpty else { return "" }
        let codes = failed.map { "\($0.value) × \($0.key)" }.joined(separator: ", ")
        return " (\(codes): \(report.refusals.keys.sorted().first?.prefix(200) ?? ""))"
    }
}
