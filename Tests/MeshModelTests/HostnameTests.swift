// SPDX-License-Identifier: Apache-2.0
import MeshModel
import Testing

@Suite struct HostnameTests {
    @Test(arguments: [
        ("auth", "auth.shop.svc.cluster.local"), ("Auth", "auth.shop.svc.cluster.local"), ("auth.pay", "auth.pay"),
        ("*.example.com", "*.example.com"), ("*", "*"),
    ])
    func `short names belong to the namespace of the resource`(host: String, expected: String) {
        #expect(Hostname.resolve(host, namespace: "shop", domain: "cluster.local") == expected)
    }

    @Test(arguments: [
        ("*.example.com", "a.example.com", true), ("*.example.com", "example.com", false), ("*", "a", true),
        ("a.b", "a.b", true), ("a.b", "x.a.b", false), ("*.example.com", "*.x.example.com", true),
    ])
    func `wildcards cover what is below them`(pattern: String, host: String, expected: Bool) {
        #expect(Hostname.covers(pattern, host) == expected)
    }

    @Test(
        arguments: [
            (nil, "http-web", 80, PortProtocol.http), (nil, "grpc", 1, .grpc), (nil, "grpc-web-x", 1, .grpcWeb),
            (nil, "tcp-db", 1, .tcp), (nil, "mysql", 1, .tcp), (nil, "", 3306, .tcp), (nil, "", 8080, .http),
            ("grpc", "http", 1, .grpc), ("kubernetes.io/h2c", "x", 1, .http2), (nil, "https", 443, .https),
        ] as [(String?, String, Int, PortProtocol)])
    func `the name of a port or its appProtocol says what is spoken`(
        app: String?, name: String, number: Int, expected: PortProtocol
    ) {
        #expect(PortProtocol(appProtocol: app, portName: name, portNumber: number) == expected)
    }
}
