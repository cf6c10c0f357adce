// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Testing

@testable import Proxy

/// As a stock Envoy with `use_remote_address`.
@Suite struct EdgeHeadersTests {
    static func applied(_ headers: [(String, String)], peer: String, isTLS: Bool = false) -> HeaderBlock {
        var block = HeaderBlock(headers)
        EdgeHeaders.sanitize(&block)
        EdgeHeaders.apply(to: &block, peer: peer, client: peer, isTLS: isTLS, believesProtocol: false, appends: true)
        return block
    }

    static func value(_ block: HeaderBlock, _ name: String) -> String? { block.first(HeaderName(name))?.string }

    @Test func `a stranger's words about itself do not count`() {
        let block = Self.applied(
            [
                ("x-forwarded-proto", "https"), ("x-envoy-internal", "true"), ("x-envoy-retry-on", "5xx"),
                ("x-envoy-max-retries", "9"), ("x-envoy-original-path", "/x"), ("x-forwarded-for", "10.0.0.1"), ("x-own", "1"),
            ], peer: "203.0.113.9")
        #expect(Self.value(block, "x-forwarded-for") == "10.0.0.1,203.0.113.9")
        #expect(Self.value(block, "x-forwarded-proto") == "http" && Self.value(block, "x-own") == "1")
        #expect(Self.value(block, "x-envoy-external-address") == "203.0.113.9")
        for name in ["x-envoy-internal", "x-envoy-retry-on", "x-envoy-max-retries", "x-envoy-original-path"] {
            #expect(Self.value(block, name) == nil, "\(name)")
        }
    }

    @Test(arguments: ["10.1.2.3", "172.16.0.1", "192.168.9.9", "127.0.0.1", "8.8.8.8"])
    func `nobody is inside unless he is named`(_ peer: String) {
        let block = Self.applied([("x-envoy-retry-on", "5xx")], peer: peer, isTLS: true)
        #expect(Self.value(block, "x-envoy-internal") == nil && Self.value(block, "x-envoy-retry-on") == nil)
        #expect(Self.value(block, "x-envoy-external-address") == peer)
        #expect(Self.value(block, "x-forwarded-proto") == "https" && Self.value(block, "x-forwarded-for") == peer)
    }

    @Test(arguments: [
        ("X-Envoy-Internal", false), ("x-envoy-upstream-rq-timeout-ms", false), ("x-envoy-upstream-rq-per-try-timeout-ms", false),
        ("x-envoy-hedge-on-per-try-timeout", false), ("x-envoy-external-address", true), ("x-envoy-original-path", true),
        ("x-envoy-decorator-operation", true), ("x-envoy-attempt-count", true), ("x-other", true),
    ])
    func `words between proxies are taken from every caller`(_ name: String, _ stays: Bool) {
        var block = HeaderBlock([("x-before", "1"), (name, "1"), ("x-behind", "1")])
        EdgeHeaders.sanitize(&block)
        #expect(block.count == (stays ? 3 : 2))
    }
}
