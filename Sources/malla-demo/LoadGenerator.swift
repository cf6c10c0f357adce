// SPDX-License-Identifier: Apache-2.0
import NIOHTTP1

/// Steady traffic: one request every `1/rate` seconds, whether or not the former ones have ended (at most 100 at once).
struct LoadGenerator: Sendable {
    var target: String
    var rate: Double
    var calls: OutboundCalls
    var behaviour: ServiceBehaviour

    func run() async throws {
        let clock = ContinuousClock()
        let interval = Duration.seconds(1 / min(max(rate, 0.1), 10_000))
        try await withThrowingDiscardingTaskGroup { group in
            let limit = InFlightLimit(maximum: 100)
            var next = clock.now
            while true {
                next = max(next + interval, clock.now - .seconds(1))
                try await clock.sleep(until: next)
                guard limit.enter() else { continue }
                group.addTask {
                    defer { limit.leave() }
                    let outcome = await calls.get(target, headers: HTTPHeaders())
                    behaviour.recordSent(failure: outcome.status == 200 ? nil : "\(outcome.status) \(outcome.body.prefix(500))")
                }
            }
        }
    }
}
