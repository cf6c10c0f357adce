// SPDX-License-Identifier: Apache-2.0

/// What the sidecars have counted for one edge since they started.
package struct EdgeCounters: Sendable, Hashable {
    /// By response code and flags, from the caller's side.
    package var responses: [String: Double] = [:]
    package var versions: [String: Double] = [:]
    /// By gRPC's status, from the caller's side; they are part of `responses` too.
    package var grpcResponses: [String: Double] = [:]
    package var latency = LatencyHistogram()
    /// From the callee's side.
    package var received = 0.0
    package var receivedOverMutualTLS = 0.0

    package init() {}

    package var requests: Double { responses.values.reduce(0, +) }

    /// Answers below 400: to the caller who is denied, a 403 is none. No answer counts as failed.
    package var successes: Double {
        responses.reduce(0) { sum, response in
            let code = Int(response.key.split(separator: " ").first ?? "") ?? 0
            return (100..<400).contains(code) ? sum + response.value : sum
        }
    }

    package func since(_ earlier: EdgeCounters) -> EdgeCounters {
        func difference(_ now: [String: Double], _ before: [String: Double]) -> [String: Double] {
            now.reduce(into: [:]) { result, entry in
                let grown = entry.value - (before[entry.key] ?? 0)
                if grown > 0 { result[entry.key] = grown }
            }
        }
        var result = EdgeCounters()
        result.responses = difference(responses, earlier.responses)
        result.versions = difference(versions, earlier.versions)
        result.grpcResponses = difference(grpcResponses, earlier.grpcResponses)
        result.latency = latency.since(earlier.latency)
        result.received = max(received - earlier.received, 0)
        result.receivedOverMutualTLS = max(receivedOverMutualTLS - earlier.receivedOverMutualTLS, 0)
        return result
    }
}
