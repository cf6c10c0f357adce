// SPDX-License-Identifier: Apache-2.0

import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct FilterChainMatcherTests {
    private func listener(_ matches: [FilterChainMatch], hasDefault: Bool = false) -> Listener {
        func chain(_ match: FilterChainMatch) -> FilterChain {
            FilterChain(match: match, terminal: .tcp(TCPProxy(statPrefix: "t", clusters: .single("c"))))
        }
        return Listener(
            name: "l", address: .host("127.0.0.1", port: 0), filterChains: matches.map(chain),
            defaultFilterChain: hasDefault ? chain(FilterChainMatch()) : nil)
    }

    @Test func `strict mutual TLS leaves plaintext without a chain`() {
        let matcher = FilterChainMatcher(listener([FilterChainMatch(transport: .tls)]))
        #expect(matcher.choose(ConnectionFacts(isTLS: true)) == .chain(0))
        #expect(matcher.choose(ConnectionFacts(isTLS: false)) == .none)
    }

    @Test func `permissive has a chain for each`() {
        let matcher = FilterChainMatcher(listener([FilterChainMatch(transport: .tls), FilterChainMatch(transport: .raw)]))
        #expect(matcher.choose(ConnectionFacts(isTLS: true)) == .chain(0))
        #expect(matcher.choose(ConnectionFacts(isTLS: false)) == .chain(1))
    }

    @Test(arguments: [("a.b.c", 0), ("x.b.c", 1), ("y.x.b.c", 1), ("z.c", 2), ("other", 3)] as [(String, Int)])
    func `the most specific server name wins`(name: String, expected: Int) {
        let matcher = FilterChainMatcher(
            listener([
                FilterChainMatch(serverNames: ["a.b.c"]), FilterChainMatch(serverNames: ["*.b.c"]),
                FilterChainMatch(serverNames: ["*.c"]), FilterChainMatch(),
            ]))
        #expect(matcher.choose(ConnectionFacts(isTLS: true, serverName: name)) == .chain(expected))
    }

    /// Envoy does not go back to a less specific chain once an earlier criterion has chosen.
    @Test func `there is no way back`() {
        let matcher = FilterChainMatcher(
            listener([FilterChainMatch(serverNames: ["a"], applicationProtocols: ["h2"]), FilterChainMatch()], hasDefault: true))
        #expect(matcher.choose(ConnectionFacts(isTLS: true, serverName: "a", applicationProtocols: ["h2"])) == .chain(0))
        #expect(matcher.choose(ConnectionFacts(isTLS: true, serverName: "a", applicationProtocols: ["http/1.1"])) == .defaultChain)
    }

    @Test func `what the client names first counts most`() {
        let matcher = FilterChainMatcher(
            listener([FilterChainMatch(applicationProtocols: ["http/1.1"]), FilterChainMatch(applicationProtocols: ["h2", "x"])]))
        #expect(matcher.choose(ConnectionFacts(applicationProtocols: ["h2", "http/1.1"])) == .chain(1))
        #expect(matcher.choose(ConnectionFacts(applicationProtocols: ["http/1.1", "h2"])) == .chain(0))
        #expect(matcher.choose(ConnectionFacts(applicationProtocols: ["h3"])) == .none)
    }

    @Test func `whoever speaks for a client, its own address can be asked for`() throws {
        let proxies = try #require(AddressRange(address: "10.0.0.0", prefixLength: 8))
        let matcher = FilterChainMatcher(
            listener([FilterChainMatch(directSourceRanges: [proxies]), FilterChainMatch(sourceType: .local), FilterChainMatch()]))
        let client: [UInt8] = [192, 0, 2, 1]
        #expect(matcher.choose(ConnectionFacts(sourceAddress: client, directSourceAddress: [10, 0, 0, 1])) == .chain(0))
        #expect(matcher.choose(ConnectionFacts(sourceAddress: client, isLocal: true)) == .chain(1))
        #expect(matcher.choose(ConnectionFacts(sourceAddress: client)) == .chain(2))
        #expect(matcher.choose(ConnectionFacts(sourceAddress: [10, 0, 0, 1], directSourceAddress: [11, 0, 0, 1])) == .chain(2))
    }

    @Test func `the longest address range wins`() throws {
        let wide = try #require(AddressRange(address: "10.0.0.0", prefixLength: 8))
        let narrow = try #require(AddressRange(address: "10.1.2.3", prefixLength: 16))
        let matcher = FilterChainMatcher(
            listener([FilterChainMatch(sourceRanges: [wide]), FilterChainMatch(sourceRanges: [narrow])]))
        #expect(matcher.choose(ConnectionFacts(sourceAddress: [10, 1, 0, 1])) == .chain(1))
        #expect(matcher.choose(ConnectionFacts(sourceAddress: [10, 2, 0, 1])) == .chain(0))
        #expect(matcher.choose(ConnectionFacts(sourceAddress: [11, 2, 0, 1])) == .none)
        #expect(matcher.choose(ConnectionFacts()) == .none)
    }

    @Test(
        arguments: [
            ("127.0.0.1", [127, 0, 0, 1]), ("::1", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
            ("::ffff:1.2.3.4", [1, 2, 3, 4]),
            ("1.2.3", nil), ("1.2.3.256", nil), ("1:2", nil), (":::", nil), ("1::2::3", nil), ("", nil), ("::12345", nil),
            ("2001:db8::a", [0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]),
        ] as [(String, [UInt8]?)])
    func `addresses are read or refused`(text: String, expected: [UInt8]?) {
        #expect(IPAddressBytes.parse(text) == expected)
    }
}
