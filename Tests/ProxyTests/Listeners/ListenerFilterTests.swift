// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// What listeners find out about connections before they choose a chain for them.
@Suite(.timeLimit(.minutes(1))) struct ListenerFilterTests {
    private static func listener(_ filters: [ListenerFilter], _ chains: [FilterChain]) -> Listener {
        Listener(name: "l", address: .host("127.0.0.1", port: 0), filterChains: chains, listenerFilters: filters)
    }

    // MARK: HTTP inspector

    @Test func `HTTP of every version is told from other protocols`() async throws {
        let harness = try await ProxyHarness()
        let names = ["http/1.0", "http/1.1", "h2c", "other"]
        var clusters: [Cluster] = []
        var chains: [FilterChain] = []
        for name in names {
            let upstream = try await GreetingUpstream(group: harness.group, greeting: name, echoes: false)
            clusters.append(Cluster.loopback(name, upstream.port))
            chains.append(FilterChain.tcp(name, FilterChainMatch(applicationProtocols: name == "other" ? [] : [name])))
        }
        try await harness.proxy.apply(ProxySnapshot([Self.listener([.tlsInspector, .httpInspector], chains)], clusters))
        let cases = [
            ("GET / HTTP/1.0\r\n", "http/1.0"), ("GET / HTTP/1.1\r\n", "http/1.1"), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "h2c"),
            ("*1\r\n$4\r\nPING\r\n", "other"), ("hello\r\n", "other"),
        ]
        for (text, expected) in cases {
            let client = try await RawConnection.open(port: harness.port)
            // In pieces: what is not enough is kept.
            try await client.send(String(text.prefix(2)))
            try await client.send(String(text.dropFirst(2)))
            let answer = await client.receive(within: .seconds(5)) { $0.text == expected }
            #expect(answer.text == expected, "\(text)")
            await client.close()
        }
        try await harness.stop()
    }

    // MARK: Time

    @Test func `a protocol in which the server speaks first is connected when the time is over`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group, greeting: "5.7.0-mysql")
        var listener = Self.listener([.tlsInspector, .httpInspector], [FilterChain.tcp("c")])
        listener.inspectionTimeout = .milliseconds(50)
        listener.continuesOnInspectionTimeout = true
        try await harness.proxy.apply(ProxySnapshot([listener], [Cluster.loopback("c", upstream.port)]))
        let client = try await RawConnection.open(port: harness.port)
        #expect(await client.receive(within: .seconds(5)) { $0.text == "5.7.0-mysql" }.text == "5.7.0-mysql")
        try await client.send("login")
        #expect(await client.receive(within: .seconds(5)) { $0.text.hasSuffix("login") }.text == "5.7.0-mysqllogin")
        await client.close()
        // What had come by then is not lost.
        let slow = try await RawConnection.open(port: harness.port)
        try await slow.send([22, 3])
        let answer = await slow.receive(within: .seconds(5)) { $0.bytes.count == 13 }
        #expect(answer.bytes == Array("5.7.0-mysql".utf8) + [22, 3])
        await slow.close()
        try await harness.stop()
    }

    @Test func `without leave to go on, silence ends the connection`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group, greeting: "x")
        var listener = Self.listener([.tlsInspector], [FilterChain.tcp("c")])
        listener.inspectionTimeout = .milliseconds(50)
        try await harness.proxy.apply(ProxySnapshot([listener], [Cluster.loopback("c", upstream.port)]))
        let client = try await RawConnection.open(port: harness.port)
        let answer = await client.receive(within: .seconds(5)) { _ in false }
        #expect(answer == RawAnswer(isClosed: true))
        #expect(upstream.connectionCount == 0)
        try await harness.stop()
    }

    // MARK: PROXY protocol

    @Test func `the client that a proxy speaks for counts in headers, rules and logs`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200))
        let range = try #require(AddressRange(address: "203.0.113.9", prefixLength: 32))
        let loopback = try #require(AddressRange(address: "127.0.0.0", prefixLength: 8))
        let denied = AuthorizationRules.Policy(
            name: "p", permissions: [.any], principals: [.all([.remote(range), .directRemote(loopback)])])
        let rules = AuthorizationRules(action: .deny, policies: [denied])
        var snapshot = ProxyHarness.snapshot(
            ports: [upstream.port], filters: [.authorization(AuthorizationFilter(rules: rules)), .router]
        ).with(manager: { manager in
            manager.useRemoteAddress = true
            let format =
                "%RESPONSE_CODE% %DOWNSTREAM_REMOTE_ADDRESS% %DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT% %DOWNSTREAM_LOCAL_ADDRESS%\n"
            manager.accessLogs = [AccessLogConfiguration(path: "log", format: .text(format))]
        })
        snapshot.listeners["l"]?.listenerFilters = [.proxyProtocol(ProxyProtocolPolicy())]
        try await harness.proxy.apply(snapshot)
        let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        #expect(try await harness.exchange("PROXY TCP4 192.0.2.7 10.0.0.1 4711 80\r\n" + request).hasPrefix("HTTP/1.1 200"))
        #expect(try await harness.exchange("PROXY TCP6 2001:db8::7 ::1 4711 80\r\n" + request).hasPrefix("HTTP/1.1 200"))
        #expect(try await harness.exchange("PROXY TCP4 203.0.113.9 10.0.0.1 4711 80\r\n" + request).hasPrefix("HTTP/1.1 403"))
        #expect(try await harness.exchange("PROXY UNKNOWN\r\n" + request).hasPrefix("HTTP/1.1 200"))
        let forwarded = upstream.requests.compactMap { $0.firstMatch(of: /x-forwarded-for: (.*)\r\n/)?.1 }
        #expect(forwarded == ["192.0.2.7", "2001:db8::7", "127.0.0.1"])
        let lines = try await harness.log.first(4)
        #expect(lines[0] == "200 192.0.2.7:4711 127.0.0.1 10.0.0.1:80")
        #expect(lines[1] == "200 [2001:db8::7]:4711 127.0.0.1 [::1]:80")
        #expect(lines[2] == "403 203.0.113.9:4711 127.0.0.1 10.0.0.1:80")
        #expect(lines[3].hasPrefix("200 127.0.0.1:"))
        try await harness.stop()
    }

    @Test func `a connection without the header is closed, or taken where that is allowed`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group)
        func apply(_ policy: ProxyProtocolPolicy) async throws {
            let listener = Self.listener([.proxyProtocol(policy)], [FilterChain.tcp("c")])
            try await harness.proxy.apply(ProxySnapshot([listener], [Cluster.loopback("c", upstream.port)]))
        }
        func answer(_ text: String, enough: String) async throws -> RawAnswer {
            let client = try await RawConnection.open(port: harness.port)
            try await client.send(text)
            let answer = await client.receive(within: .seconds(5)) { $0.text == enough }
            await client.close()
            return answer
        }
        let closed = RawAnswer(isClosed: true)
        try await apply(ProxyProtocolPolicy())
        #expect(try await answer("hello", enough: "hello") == closed)
        #expect(try await answer("PROXY TCP4 1.2.3.4 5.6.7.8 9 x\r\nhello", enough: "hello") == closed)
        #expect(try await answer("PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\nhello", enough: "hello").text == "hello")
        try await apply(ProxyProtocolPolicy(allowsOthers: true))
        #expect(try await answer("hello", enough: "hello").text == "hello")
        #expect(try await answer("PROXY TCP4 1.2.3.4 5.6.7.8 9 x\r\nhello", enough: "hello") == closed)
        #expect(try await answer("PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\nhello", enough: "hello").text == "hello")
        try await apply(ProxyProtocolPolicy(versions: [.v2]))
        #expect(try await answer("PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\nhello", enough: "hello") == closed)
        try await harness.stop()
    }

    // MARK: Original destination

    @Test func `the original destination chooses the chain, or the listener`() async throws {
        let harness = try await ProxyHarness()
        var clusters: [Cluster] = []
        for name in ["port", "range", "other", "exact", "wildcard"] {
            let upstream = try await GreetingUpstream(group: harness.group, greeting: name)
            clusters.append(Cluster.loopback(name, upstream.port))
        }
        let range = try #require(AddressRange(address: "10.1.0.0", prefixLength: 16))
        var outbound = Self.listener(
            [.proxyProtocol(ProxyProtocolPolicy()), .originalDestination],
            [
                FilterChain.tcp("port", FilterChainMatch(destinationPort: 3306)),
                FilterChain.tcp("range", FilterChainMatch(destinationRanges: [range])), FilterChain.tcp("other"),
            ])
        outbound.handsOverRedirected = true
        let exact = Listener(
            name: "exact", address: .host("10.9.9.9", port: 80), filterChains: [FilterChain.tcp("exact")], bindsToPort: false)
        let wildcard = Listener(
            name: "wildcard", address: .host("0.0.0.0", port: 8080), filterChains: [FilterChain.tcp("wildcard")],
            listenerFilters: [.tlsInspector], continuesOnInspectionTimeout: false, bindsToPort: false)
        try await harness.proxy.apply(ProxySnapshot([outbound, exact, wildcard], clusters))
        #expect(harness.proxy.boundListeners.map(\.name) == ["l"])
        let cases = [
            ("10.2.0.1 1 3306", "port"), ("10.1.2.3 1 81", "range"), ("10.2.0.1 1 82", "other"), ("10.9.9.9 1 80", "exact"),
            ("10.9.9.9 1 8080", "wildcard"), ("10.8.8.8 1 80", "other"),
        ]
        for (end, expected) in cases {
            let client = try await RawConnection.open(port: harness.port)
            try await client.send("PROXY TCP4 1.1.1.1 \(end)\r\nhello")
            let answer = await client.receive(within: .seconds(5)) { $0.text == expected + "hello" }
            #expect(answer.text == expected + "hello", "\(end)")
            await client.close()
        }
        try await harness.stop()
    }
}
