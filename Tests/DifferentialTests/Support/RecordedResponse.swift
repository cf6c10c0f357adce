// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One response as it is compared: header names in lower case and sorted, what differs from run to run replaced.
struct RecordedResponse: Hashable, CustomStringConvertible {
    var statusLine: String
    var headers: [String]
    var body: String
    var isComplete: Bool

    var description: String {
        ([self.statusLine] + self.headers + [""]).joined(separator: "\n") + "\n" + self.body + (self.isComplete ? "" : "…cut off")
    }

    /// The status and how it ended.
    var summary: String {
        if self.statusLine.hasPrefix("stream ") {
            return String(self.statusLine.drop { $0 != ":" }.dropFirst().drop { $0 == " " })
        }
        return self.statusLine.split(separator: " ").dropFirst().prefix(1).joined() + (self.isComplete ? "" : " cut off")
    }

    /// Responses to be expected that differ by nature: times and the name of the server's clock.
    private static let varying: Set<String> = ["date", "x-envoy-upstream-service-time"]

    static func normalized(_ headers: [String]) -> [String] {
        let isRetried = headers.contains { $0.lowercased().hasPrefix("x-envoy-attempt-count: ") && !$0.hasSuffix(": 1") }
        return headers.map { header in
            let sides = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = sides[0].lowercased()
            var value = sides.count > 1 ? String(sides[1].trimmingPrefix(" ")) : "(no colon)"
            if Self.varying.contains(name) { value = "*" }
            if name == "x-request-id", UUID(uuidString: value) != nil { value = "<uuid>" }
            if name == "x-forwarded-for" { value = Self.withoutPeer(value) }
            // What is left of 15 s depends on how fast the attempts before were: all, if they took less than a millisecond.
            if name == "x-envoy-expected-rq-timeout-ms", let time = Int(value), (13000...15000).contains(time),
                isRetried || time < 15000
            {
                value = "<rest>"
            }
            return "\(name): \(value)"
        }.sorted()
    }

    /// Envoy puts the machine's own address in the place of a peer on loopback.
    private static func withoutPeer(_ value: String) -> String {
        var hops = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard let last = hops.last, !["1.2.3.4", "10.0.0.1", " 5.6.7.8", "nonsense"].contains(last) else { return value }
        hops[hops.count - 1] = "<peer>"
        return hops.joined(separator: ",")
    }

    /// What the upstream said it got: its head is compared like any other, its body as it is.
    static func normalized(body: String) -> String {
        guard body.hasPrefix(EchoUpstream.mark), let end = body.range(of: "\n\n") else { return body }
        var lines = body[..<end.lowerBound].split(separator: "\n").map(String.init)
        lines.removeFirst()
        guard !lines.isEmpty else { return body }
        let first = lines.removeFirst()
        return ([EchoUpstream.mark + first] + self.normalized(lines)).joined(separator: "\n") + "\n" + body[end.lowerBound...]
    }
}
