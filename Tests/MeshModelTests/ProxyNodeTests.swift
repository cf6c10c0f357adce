// SPDX-License-Identifier: Apache-2.0
import MeshModel
import Testing

@Suite struct ProxyNodeTests {
    private let id = "sidecar~127.70.0.9~order-v1.default~default.svc.cluster.local"

    @Test func `a node says its workload, its ports and its upstreams`() throws {
        let node = try ProxyNode.decode(
            id: id,
            metadata: [
                "LABELS": .object(["app": .string("order-service"), "version": .string("v1")]),
                "SERVICE_ACCOUNT": .string("order"),
                "MALLA": .object([
                    "inbound": .list([
                        .object([
                            "port": .number(8080), "name": .string("http"), "listen": .number(15006),
                            "app": .string("127.0.0.1:9001"),
                        ])
                    ]),
                    "httpProxyPort": .number(15003),
                ]),
            ])
        #expect(node.name == "order-v1" && node.namespace == "default" && node.address == "127.70.0.9")
        #expect(node.serviceAccount == "order" && node.canonicalService == "order-service" && node.canonicalRevision == "v1")
        #expect(node.inbound.map(\.listenPort) == [15006] && node.inbound.map(\.applicationPort) == [9001])
        #expect(node.httpProxyPort == 15003)
    }

    @Test(arguments: ["", "sidecar~a", "router~127.0.0.1~a.b~c", "sidecar~127.0.0.1~noNamespace~c", "sidecar~~a.b~c"])
    func `what is not a sidecar's id is refused`(id: String) {
        #expect(throws: ProxyNodeError.self) { try ProxyNode.decode(id: id, metadata: [:]) }
    }

    @Test func `a namespace other than the id's is refused`() {
        #expect(throws: ProxyNodeError.self) { try ProxyNode.decode(id: id, metadata: ["NAMESPACE": .string("other")]) }
    }
}
