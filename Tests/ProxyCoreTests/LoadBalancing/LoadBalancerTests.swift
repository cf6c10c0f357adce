// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct LoadBalancerTests {
    private func endpoints(_ weights: [UInt32], priority: Int = 0, health: Endpoint.Health = .healthy) -> [Endpoint] {
        weights.enumerated().map {
            Endpoint(
                address: .host("10.\(priority).0.\($0.offset)", port: 80), priority: priority, weight: $0.element, health: health)
        }
    }

    private func counts(
        _ policy: BalancingPolicy, _ endpoints: [Endpoint], panic: Double = 50, ejected: Set<ProxySocketAddress> = [],
        weighsLocalities: Bool = false, picks: Int = 10_000, active: (Int) -> Int = { _ in 0 }
    ) -> [Int] {
        var random = RandomSource(seed: 42)
        var balancer = LoadBalancer(
            policy, endpoints: EndpointSet(endpoints: endpoints), panicThreshold: panic,
            weighsLocalities: weighsLocalities, ejected: ejected, random: &random)
        var counts = [Int](repeating: 0, count: endpoints.count)
        for _ in 0..<picks {
            guard let index = balancer.choose(.init(), active: active, random: &random) else { continue }
            counts[index] += 1
        }
        return counts
    }

    @Test func `round robin is exact, with weights too`() {
        #expect(self.counts(.roundRobin, self.endpoints([1, 1, 1, 1])) == [2500, 2500, 2500, 2500])
        let weighted = self.counts(.roundRobin, self.endpoints([9, 1]))
        #expect(abs(weighted[0] - 9000) <= 1)
    }

    @Test func `weighted round robin spreads the turns`() {
        var random = RandomSource(seed: 1)
        var balancer = LoadBalancer(
            .roundRobin, endpoints: EndpointSet(endpoints: self.endpoints([2, 1])), panicThreshold: 50, random: &random)
        let picks = (0..<9).compactMap { _ in balancer.choose(.init(), active: { _ in 0 }, random: &random) }
        for start in 0..<7 { #expect(picks[start..<(start + 3)].contains(1)) }
    }

    @Test func `random and least request are even where nothing differs`() {
        for policy in [BalancingPolicy.random, .leastRequest(choices: 2)] {
            for count in self.counts(policy, self.endpoints([1, 1, 1, 1])) { #expect((2300...2700).contains(count)) }
        }
    }

    @Test func `least request avoids the busy one and honours weights`() {
        let busy = self.counts(.leastRequest(choices: 2), self.endpoints([1, 1, 1])) { $0 == 0 ? 10 : 0 }
        #expect((900...1350).contains(busy[0]))
        let weighted = self.counts(.leastRequest(choices: 2), self.endpoints([3, 1]))
        #expect(weighted[0] > weighted[1] * 3)
    }

    @Test(arguments: [BalancingPolicy.ringHash(minimumSize: 1024, maximumSize: 8_388_608), .maglev(tableSize: 65537)])
    func `consistent hashing keeps most keys when an endpoint leaves`(policy: BalancingPolicy) {
        var random = RandomSource(seed: 3)
        let endpoints = self.endpoints([1, 1, 1, 1, 1])
        var before = LoadBalancer(policy, endpoints: EndpointSet(endpoints: endpoints), panicThreshold: 0, random: &random)
        var after = before
        after.setEjected([endpoints[4].address], random: &random)
        var moved = 0
        var spread = [Int](repeating: 0, count: 5)
        for key in 0..<2000 {
            let request = LoadBalancer.Request(hash: XXHash64.hash("user-\(key)"))
            let first = before.choose(request, active: { _ in 0 }, random: &random)
            let again = before.choose(request, active: { _ in 0 }, random: &random)
            #expect(first == again)
            spread[first ?? 0] += 1
            let second = after.choose(request, active: { _ in 0 }, random: &random)
            if first != 4, first != second { moved += 1 }
        }
        for count in spread { #expect((250...550).contains(count)) }
        // The ring of four has more points for each than the ring of five, so a few more move than have to.
        #expect(moved < 300)
    }

    @Test func `hash values are those of XXH64`() {
        #expect(XXHash64.hash("") == 0xEF46_DB37_51D8_E999)
        #expect(XXHash64.hash("a") == 0xD24E_C4F1_A98C_6E5B)
        #expect(XXHash64.hash("abc") == 0x44BC_2CF5_AD77_0999)
        #expect(XXHash64.hash("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
    }

    @Test func `ejected and unhealthy endpoints get nothing`() {
        let endpoints = self.endpoints([1, 1, 1]) + [Endpoint(address: .host("10.0.9.9", port: 1), health: .unhealthy)]
        let counts = self.counts(.roundRobin, endpoints, panic: 0, ejected: [endpoints[0].address])
        #expect(counts == [0, 5000, 5000, 0])
    }

    @Test func `below the panic threshold health is ignored, with none set it is not`() {
        let endpoints = self.endpoints([1, 1, 1, 1])
        let ejected = Set(endpoints[0...2].map(\.address))
        #expect(self.counts(.roundRobin, endpoints, panic: 50, ejected: ejected) == [2500, 2500, 2500, 2500])
        #expect(self.counts(.roundRobin, endpoints, panic: 0, ejected: ejected) == [0, 0, 0, 10_000])
        #expect(self.counts(.roundRobin, endpoints, panic: 0, ejected: Set(endpoints.map(\.address))) == [0, 0, 0, 0])
    }

    @Test(
        arguments: [
            ([(4, 4), (4, 4)], [100, 0]),
            ([(3, 4), (4, 4)], [100, 0]),
            ([(2, 4), (4, 4)], [70, 30]),
            ([(1, 4), (4, 4)], [35, 65]),
            ([(0, 4), (4, 4)], [0, 100]),
            ([(0, 4), (0, 4)], [50, 50]),
        ] as [([(Int, Int)], [Int])])
    func `load moves to the next priority as Envoy documents`(counts: [(Int, Int)], shares: [Int]) {
        let load = PriorityLoad(
            counts: counts.map { (usable: $0.0, total: $0.1) }, overprovisioningFactor: 140, panicThreshold: 50)
        #expect(load.shares == shares)
    }

    @Test func `localities get their share by weight`() {
        let endpoints = (0..<4).map { index in
            Endpoint(
                address: .host("10.0.0.\(index)", port: 80), locality: Locality(zone: index < 3 ? "a" : "b"),
                localityWeight: index < 3 ? 80 : 20)
        }
        let counts = self.counts(.roundRobin, endpoints, weighsLocalities: true)
        #expect((1850...2150).contains(counts[3]))
        for policy in [BalancingPolicy.ringHash(minimumSize: 4096, maximumSize: 8192), .maglev(tableSize: 65537)] {
            let counts = self.counts(policy, endpoints, weighsLocalities: true)
            #expect((1600...2400).contains(counts[3]))
        }
        #expect(self.counts(.roundRobin, endpoints) == [2500, 2500, 2500, 2500])
    }

    @Test func `a locality without weight gets nothing where localities are weighed`() {
        var endpoints = self.endpoints([1, 1])
        endpoints[0].locality = Locality(zone: "a")
        endpoints[0].localityWeight = 1
        #expect(self.counts(.roundRobin, endpoints, weighsLocalities: true) == [10_000, 0])
    }

    @Test func `a retry goes elsewhere while there is an elsewhere`() {
        var random = RandomSource(seed: 5)
        let set = EndpointSet(endpoints: self.endpoints([1, 1]))
        var balancer = LoadBalancer(.random, endpoints: set, panicThreshold: 50, random: &random)
        for _ in 0..<200 {
            let choice = balancer.choose(.init(avoiding: [0], selections: 30), active: { _ in 0 }, random: &random)
            #expect(choice == 1)
        }
        let last = balancer.choose(.init(avoiding: [0, 1], selections: 3), active: { _ in 0 }, random: &random)
        #expect(last != nil)
    }

    @Test func `no endpoints, no choice`() {
        #expect(self.counts(.leastRequest(choices: 2), [], picks: 1) == [])
    }

    @Test func `requests are hashed as the policies say`() {
        let head = RequestHead(target: "/?u=7&v=8", authority: "a", headers: [("x-user", "kim"), ("cookie", "a=1; session=s2")])
        func hash(_ policies: [HashPolicy]) -> UInt64? {
            RequestHash(policies, head: head, sourceAddress: "10.0.0.1", connection: "c").value
        }
        #expect(hash([.header("x-user", terminal: false)]) == XXHash64.hash("kim"))
        #expect(hash([.cookie(name: "session", path: "", ttl: nil, terminal: false)]) == XXHash64.hash("s2"))
        #expect(hash([.queryParameter("v", terminal: false)]) == XXHash64.hash("8"))
        #expect(hash([.sourceAddress(terminal: false)]) == XXHash64.hash("10.0.0.1"))
        #expect(hash([.header("none", terminal: true)]) == nil)
        #expect(hash([.header("x-user", terminal: true), .sourceAddress(terminal: false)]) == XXHash64.hash("kim"))
    }

    @Test func `a cookie with a lifetime is made where the client has none`() throws {
        let policy = HashPolicy.cookie(name: "session", path: "/a", ttl: .seconds(60), terminal: true)
        let fresh = RequestHash([policy], head: RequestHead(target: "/", authority: "a"), sourceAddress: "", connection: "c")
        let value = String(XXHash64.hash("c"), radix: 16)
        #expect(fresh.newCookies == ["session=\"\(value)\"; Max-Age=60; Path=/a; HttpOnly"])
        let returning = RequestHead(target: "/", authority: "a", headers: [("cookie", "session=\"\(value)\"")])
        let known = RequestHash([policy], head: returning, sourceAddress: "", connection: "d")
        #expect(known.newCookies.isEmpty)
        #expect(known.value == fresh.value)
        let session = HashPolicy.cookie(name: "s", path: "", ttl: .zero, terminal: false)
        let shortLived = RequestHash([session], head: RequestHead(target: "/", authority: "a"), sourceAddress: "", connection: "c")
        #expect(shortLived.newCookies == ["s=\"\(value)\"; HttpOnly"])
    }
}
