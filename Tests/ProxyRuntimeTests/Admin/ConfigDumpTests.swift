// SPDX-License-Identifier: Apache-2.0
import Foundation
import ProxyRuntime
import SPIFFE
import Testing
import XDSClient
import XDSProtocol

@Suite struct ConfigDumpTests {
    static let bootstrap = """
        node: {id: n}
        static_resources:
          secrets:
          - name: own
            tls_certificate:
              certificate_chain: {inline_string: CHAIN}
              private_key: {inline_string: KEY-OF-SECRET}
          - {name: word, generic_secret: {secret: {inline_bytes: S0VZLUJZVEVT}}}
          clusters:
          - name: up
            type: STATIC
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                common_tls_context:
                  tls_certificates: [{certificate_chain: {inline_string: C}, private_key: {inline_string: KEY-OF-CLUSTER}}]
          listeners:
          - name: in
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  route_config: {name: inline, virtual_hosts: [{name: h, domains: ["*"]}]}
              transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  common_tls_context:
                    tls_certificates: [{certificate_chain: {filename: /c}, private_key: {filename: /KEY-FILE}}]
        """

    static func sections(_ rig: AdminRig, _ target: String) async throws -> [[String: Any]] {
        try await rig.json(target)["configs"] as? [[String: Any]] ?? []
    }

    @Test func `the sections of Envoy in Envoy's order`() async throws {
        let rig = try AdminRig(bootstrap: Self.bootstrap)
        let types = try await Self.sections(rig, "/config_dump").map { $0["@type"] as? String ?? "" }
        let names = ["Bootstrap", "Clusters", "Listeners", "Routes", "Secrets"]
        #expect(types == names.map { "type.googleapis.com/envoy.admin.v3.\($0)ConfigDump" })
        let withEndpoints = try await Self.sections(rig, "/config_dump?include_eds")
        #expect(withEndpoints.count == 6 && (withEndpoints[2]["@type"] as? String)?.hasSuffix("EndpointsConfigDump") == true)
    }

    /// Keys inside listeners and clusters were shown.
    @Test func `no key is shown, wherever it stands`() async throws {
        let rig = try AdminRig(bootstrap: Self.bootstrap)
        let credential = try TestAuthority().credential()
        rig.certificates.replace(credential)
        let body = await rig.get("/config_dump").body
        for secret in ["KEY-", "S0VZLUJZVEVT", "PRIVATE KEY"] { #expect(!body.contains(secret), "\(secret)") }
        let key = Data(credential.key.pemText.utf8).base64EncodedString()
        #expect(!body.contains(key) && body.contains("[redacted]") && body.contains("CHAIN"))
        let own = try await Self.sections(rig, "/config_dump?resource=dynamic_active_secrets")
        #expect(own.map { $0["name"] as? String } == ["default", "ROOTCA"])
        #expect(try await Self.sections(rig, "/config_dump?resource=static_secrets").count == 2)
    }

    @Test func `one field, by name`() async throws {
        let rig = try AdminRig(bootstrap: Self.bootstrap)
        let clusters = try await Self.sections(rig, "/config_dump?resource=static_clusters")
        #expect((clusters.first?["cluster"] as? [String: Any])?["name"] as? String == "up")
        let routes = try await Self.sections(rig, "/config_dump?resource=static_route_configs")
        #expect((routes.first?["route_config"] as? [String: Any])?["name"] as? String == "inline")
        #expect(try await Self.sections(rig, "/config_dump?resource=static_clusters&name_regex=^x").isEmpty)
        #expect(await rig.get("/config_dump?resource=foo") == AdminResponse(status: 404, body: "foo not found in config dump"))
        #expect(await rig.get("/config_dump?resource=bootstrap").status == 400)
        #expect(await rig.get("/config_dump?resource=static_clusters&mask=nope").status == 400)
        let masked = try await Self.sections(rig, "/config_dump?resource=static_clusters&mask=cluster.name")
        #expect(masked.count == clusters.count && masked.allSatisfy { $0.keys.sorted() == ["@type", "cluster"] })
        #expect(masked.allSatisfy { ($0["cluster"] as? [String: Any])?.keys.sorted() == ["@type", "name"] })
        let top = try await Self.sections(rig, "/config_dump?mask=bootstrap.node,static_clusters")
        #expect(top.count == 2)
        #expect((top[0]["bootstrap"] as? [String: Any])?.keys.sorted() == ["node"])
        #expect(top[1].keys.sorted() == ["@type", "static_clusters"])
        #expect(await rig.get("/config_dump?name_regex=(").status == 400)
    }

    @Test func `what was refused is there with the reason, also if there is no good version`() async throws {
        let rig = try AdminRig()
        func update(_ resources: [XDSResource]) async {
            _ = await rig.agent.apply(ResourceUpdate(type: .cluster, upserted: resources, removed: []))
        }
        await update([try ConfigurationAgentTests.cluster("a")])
        await update([ConfigurationAgentTests.bad("a"), ConfigurationAgentTests.bad("b")])
        let active = try #require(try await Self.sections(rig, "/config_dump?resource=dynamic_active_clusters").first)
        #expect(active["client_status"] as? String == "NACKED" && active["last_updated"] != nil)
        #expect((active["cluster"] as? [String: Any])?["name"] as? String == "a")
        let error = try #require(active["error_state"] as? [String: Any])
        #expect(error["details"] as? String == "a is bad" && error["version_info"] as? String == "2")
        let warming = try #require(try await Self.sections(rig, "/config_dump?resource=dynamic_warming_clusters").first)
        #expect((warming["error_state"] as? [String: Any])?["details"] as? String == "b is bad" && warming["cluster"] == nil)
    }
}
