// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import malla

@Suite struct SidecarBootstrapTests {
    private func bootstrap(_ flavour: SidecarBootstrap.Flavour) throws -> SidecarBootstrap {
        var arguments = RunArguments()
        arguments.name = "order-v1"
        arguments.service = "order-service"
        arguments.labels = ["version=v1"]
        arguments.ports = ["8080:9001"]
        arguments.command = ["true"]
        return SidecarBootstrap(
            flavour: flavour, plan: try RunPlan.check(arguments).get(), address: "127.70.0.9",
            upstreams: [.init(host: "payments.default.svc.cluster.local", port: 8080, localPort: 9091)],
            controlPlaneHost: "127.0.0.1", controlPlanePort: 15012, stateDirectory: "/d/run/default.order-v1")
    }

    @Test func `the node says what the control plane needs to know`() throws {
        let data = try bootstrap(.malla(joinTokenFile: "/d/token", trustBundleFile: "/d/bundle.pem")).json()
        let tree = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let node = try #require(tree["node"] as? [String: Any])
        #expect(node["id"] as? String == "sidecar~127.70.0.9~order-v1.default~default.svc.cluster.local")
        #expect(node["cluster"] as? String == "order-service.default")
        let metadata = try #require(node["metadata"] as? [String: Any])
        #expect(metadata["LABELS"] as? [String: String] == ["app": "order-service", "version": "v1"])
        let own = try #require(metadata["MALLA"] as? [String: Any])
        let inbound = try #require((own["inbound"] as? [[String: Any]])?.first)
        #expect(inbound["listen"] as? Int == 15006 && inbound["app"] as? String == "127.0.0.1:9001")
        let malla = try #require(tree["malla"] as? [String: Any])
        #expect(malla["join_token_file"] as? String == "/d/token")
    }

    @Test func `a stock Envoy's secrets come over the socket, and it has nothing of ours`() throws {
        let data = try bootstrap(.envoy(secretSocket: "/d/sds.sock")).json()
        let text = String(decoding: data, as: UTF8.self)
        let tree = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(tree["malla"] == nil)
        #expect(text.contains("/d/sds.sock") && text.contains("istiod.istio-system.svc"))
    }
}
