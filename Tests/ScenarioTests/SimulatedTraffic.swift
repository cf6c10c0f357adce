// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import ProxyModel

/// One client's sidecar at work on a clock of the test's: balancer, retries and outlier detection, without sockets.
struct SimulatedTraffic {
    struct Outcome {
        var failed = 0
        var tries = 0
    }

    struct NoRoute: Error {}

    private let retry: CompiledRetry?
    private let cluster: Cluster
    private let endpoints: EndpointSet
    private var random = RandomSource(seed: 42)
    private var balancer: LoadBalancer
    private var detector: OutlierDetector
    private var now: UInt64 = 0
    private var sweptAt: UInt64 = 0

    init(_ proxy: SimulatedProxy, authority: String) throws {
        let head = RequestHead(method: HTTPMethod("GET"), target: "/", authority: authority, headers: [])
        guard let table = proxy.snapshot.routeTables["http_proxy"],
            case .route(let route) = try Router(table).route(head, isSecure: false, random: 0),
            let forward = route.forward, case .single(let name) = forward.action.clusters,
            let cluster = proxy.snapshot.clusters[name], let endpoints = proxy.snapshot.endpoints(of: cluster),
            let outlier = cluster.outlierPolicy
        else { throw NoRoute() }
        retry = forward.retry
        self.cluster = cluster
        self.endpoints = endpoints
        balancer = LoadBalancer(cluster.balancing, endpoints: endpoints, panicThreshold: cluster.panicThreshold, random: &random)
        detector = OutlierDetector(outlier, endpoints: endpoints.endpoints)
    }

    var ejected: String { detector.ejected.map(\.description).sorted().joined(separator: " ") }

    /// Sweeps as often as the interval asks for on the way.
    mutating func advance(to seconds: Int) {
        let target = UInt64(clamping: seconds) * 1_000_000_000
        let interval = UInt64(clamping: detector.policy.interval.components.seconds) * 1_000_000_000
        while sweptAt + interval <= target {
            sweptAt += interval
            if detector.sweep(now: sweptAt) { balancer.setEjected(detector.ejected, random: &random) }
        }
        now = target
    }

    mutating func send(_ requests: Int, answers: [String: UInt16]) -> Outcome {
        var outcome = Outcome()
        for _ in 0..<requests {
            if !answer(answers, &outcome) { outcome.failed += 1 }
        }
        return outcome
    }

    private mutating func answer(_ answers: [String: UInt16], _ outcome: inout Outcome) -> Bool {
        var planner = RetryPlanner(retry)
        var tried: [Int] = []
        while true {
            outcome.tries += 1
            let wanted = LoadBalancer.Request(avoiding: tried, selections: 5)
            guard let index = balancer.choose(wanted, active: { _ in 0 }, random: &random) else { return false }
            tried.append(index)
            let address = endpoints.endpoints[index].address
            let status = answers[address.description] ?? 200
            let result = OutlierResult.response(status: status, grpcStatus: nil)
            if detector.record(result, for: address, now: now, random: random.next()) {
                balancer.setEjected(detector.ejected, random: &random)
            }
            guard status >= 500 else { return true }
            let decision = planner.decide(after: .response(.init(status: status)), random: 0) { true }
            guard case .retry = decision else { return false }
        }
    }
}
