// SPDX-License-Identifier: Apache-2.0

/// What a burst of requests met: who answered, with which status, how fast.
struct BurstReport: Sendable, Hashable, Codable {
    var sent = 0
    var statuses: [String: Int] = [:]
    var versions: [String: Int] = [:]
    var pids: [String: Int] = [:]
    /// Bodies of answers that are not a service's, each cut to 200 characters; at most 20 different ones are kept.
    var refusals: [String: Int] = [:]
    var p50Milliseconds = 0.0
    var p99Milliseconds = 0.0
    var maxMilliseconds = 0.0

    private var samples: [Double] = []

    private enum CodingKeys: String, CodingKey {
        case sent, statuses, versions, pids, refusals, p50Milliseconds, p99Milliseconds, maxMilliseconds
    }

    mutating func add(_ outcome: OutboundCalls.Outcome) {
        sent += 1
        statuses[String(outcome.status), default: 0] += 1
        if let answer = outcome.answer {
            versions[answer.version, default: 0] += 1
            pids[String(answer.pid), default: 0] += 1
        } else {
            let body = String(outcome.body.prefix(200))
            if refusals.count < 20 || refusals[body] != nil { refusals[body, default: 0] += 1 }
        }
        samples.append(outcome.elapsed / .milliseconds(1))
    }

    mutating func finish() {
        samples.sort()
        p50Milliseconds = quantile(0.5)
        p99Milliseconds = quantile(0.99)
        maxMilliseconds = samples.last ?? 0
    }

    private func quantile(_ share: Double) -> Double {
        guard !samples.isEmpty else { return 0 }
        return samples[min(samples.count - 1, Int(Double(samples.count) * share))]
    }
}
