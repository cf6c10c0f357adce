// SPDX-License-Identifier: Apache-2.0
import Testing
import malla

@Suite struct RunOptionTests {
    @Test(
        arguments: [
            ("8080", PublishedPort(port: 8080, name: "http-8080", applicationPort: 8080)),
            ("8080:9001", PublishedPort(port: 8080, name: "http-8080", applicationPort: 9001)),
            ("8080:0", PublishedPort(port: 8080, name: "http-8080", applicationPort: 0)),
            ("grpc=50051", PublishedPort(port: 50051, name: "grpc", applicationPort: 50051)),
            ("tcp-redis:6379:7000", PublishedPort(port: 6379, name: "tcp-redis", applicationPort: 7000)),
            ("", nil), ("0", nil), ("65536", nil), ("80:", nil), ("80:1:2", nil), ("Grpc=1", nil), ("a_b=80", nil),
            ("http-=80", nil),
        ] as [(String, PublishedPort?)])
    func `ports`(argument: String, expected: PublishedPort?) {
        #expect(PublishedPort(argument: argument) == expected)
    }

    @Test func `a single port without a name is http`() throws {
        let one = try #require(PublishedPort(argument: "8080"))
        let two = try #require(PublishedPort(argument: "9090"))
        #expect(PublishedPort.unique([one])?.map(\.name) == ["http"])
        #expect(PublishedPort.unique([one, two])?.map(\.name) == ["http-8080", "http-9090"])
        #expect(PublishedPort.unique([one, one]) == nil)
    }

    @Test func `upstreams`() throws {
        let short = try #require(UpstreamOption(argument: "payments:9091"))
        #expect(short.port == nil && short.localPort == 9091)
        #expect(short.reference(from: "shop") == ("payments", "shop"))
        let long = try #require(UpstreamOption(argument: "payments.bank:8080:9091"))
        #expect(long.port == 8080 && long.localPort == 9091)
        #expect(long.reference(from: "shop") == ("payments", "bank"))
        for bad in ["", "payments", ":9091", "payments:0", "payments:x:1", "a:1:2:3"] {
            #expect(UpstreamOption(argument: bad) == nil)
        }
    }

    @Test func `proxies`() {
        #expect(ProxyChoice(argument: "malla") == .malla)
        #expect(ProxyChoice(argument: "envoy") == .envoy(path: "envoy"))
        #expect(ProxyChoice(argument: "envoy=/opt/envoy") == .envoy(path: "/opt/envoy"))
        #expect(ProxyChoice(argument: "nginx") == nil)
        #expect(ProxyChoice(argument: "envoy=") == nil)
    }
}
