// SPDX-License-Identifier: Apache-2.0
import MeshModel
import Testing

@Suite struct ProxyNodeTests {
    @Test func `a node says what stands behind the sidecar`() throws {
        let inbound: NodeMetadataValue = .object([
            "port": .number(8080), "name": .string("http"), "listen": .number(15006), "app": .string("127.0.0.1:9001"),
        ])
        let upstream: NodeMetadataValue = .object([
            "host": .string("Pay.x"), "port": .number(80), "listen": .string("127.0.0.1:9091"),
        ])
        let node = try ProxyNode.decode(
            id: "sidecar~127.64.0.2~auth-v1.default~default.svc.cluster.local",
            metadata: [
                "NAMESPACE": .string("default"), "SERVICE_ACCOUNT": .string("auth"), "LABELS": .object(["app": .string("auth")]),
                "MALLA": .object([
                    "inbound": .list([inbound]), "httpProxyPort": .number(15003), "upstreams": .list([upstream]),
                ]),
            ])
        #expect(node.address == "127.64.0.2")
        #expect(node.namespace == "default")
        #expect(node.inbound.first?.applicationPort == 9001)
        #expect(node.upstreams == [.init(host: "pay.x", port: 80, listenAddress: "127.0.0.1", listenPort: 9091)])
        #expect(node.httpProxyPort == 15003)
    }

    @Test(
        arguments: [
            ("router~1.2.3.4~a.b~c", [:]), ("sidecar~1.2.3.4~ab~c", [:]), ("", [:]),
            ("sidecar~127.64.0.2~auth-v1.default~x", ["NAMESPACE": .string("other")]),
            ("sidecar~127.64.0.2~auth-v1.default~x", ["MALLA": .object(["httpProxyPort": .number(70000)])]),
            ("sidecar~127.64.0.2~auth-v1.default~x", ["MALLA": .object(["inbound": .list([.object(["port": .number(1.5)])])])]),
        ] as [(String, [String: NodeMetadataValue])])
    func `a node that makes no sense is refused`(id: String, metadata: [String: NodeMetadataValue]) {
        #expect(throws: ProxyNodeError.self) { try ProxyNode.decode(id: id, metadata: metadata) }
    }
}
