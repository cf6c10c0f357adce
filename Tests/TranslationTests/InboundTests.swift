// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf
import Testing
import Translation

@Suite struct InboundTests {
    private typealias Manager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager
    private typealias RBACFilter = Envoy_Extensions_Filters_Http_Rbac_V3_RBAC

    @Test(arguments: [("PERMISSIVE", ["tls", "raw_buffer"]), ("STRICT", ["tls"]), ("DISABLE", [""])])
    func `the mode decides which connections find a filter chain`(mode: String, transports: [String]) throws {
        var mesh = MeshFixture()
        mesh.add(.peerAuthentication, "default", in: "istio-system", spec: ["mtls": ["mode": ManifestValue(.string(mode))]])
        let listener = try #require(try mesh.listener("virtualInbound", of: mesh.server))
        #expect(listener.filterChains.map(\.filterChainMatch.transportProtocol) == transports)
        #expect(listener.address.socketAddress.portValue == 15006)
        #expect(try mesh.listener("virtualInbound_3306", of: mesh.server) != nil)
    }

    /// MySQL waits for nobody: its clients wait for it.
    @Test(arguments: [
        ("PERMISSIVE", "virtualInbound_3306", true), ("STRICT", "virtualInbound_3306", false),
        ("PERMISSIVE", "virtualInbound", false),
    ])
    func `a silent client is taken for one in plaintext where the server may speak first`(
        mode: String, name: String, goesOn: Bool
    ) throws {
        var mesh = MeshFixture()
        mesh.add(.peerAuthentication, "default", in: "istio-system", spec: ["mtls": ["mode": ManifestValue(.string(mode))]])
        let listener = try #require(try mesh.listener(name, of: mesh.server))
        #expect(listener.continueOnListenerFiltersTimeout == goesOn)
        // Else Envoy's own: 15 s, and the connection ends.
        #expect(listener.hasListenerFiltersTimeout == goesOn)
        #expect(listener.listenerFiltersTimeout.seconds == (goesOn ? 2 : 0))
    }

    @Test func `DENY stands before ALLOW, rules have Istio's names`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .authorizationPolicy, "readers",
            spec: [
                "rules": [
                    [
                        "from": [["source": ["principals": ["cluster.local/ns/default/sa/client"]]]],
                        "to": [["operation": ["methods": ["GET"], "notPaths": ["/admin*"]]]],
                    ]
                ]
            ])
        mesh.add(
            .authorizationPolicy, "closed", spec: ["action": "DENY", "rules": [["to": [["operation": ["ports": ["9999"]]]]]]])
        let filters = try rbacFilters(mesh)
        #expect(filters.map(\.rules.action) == [.deny, .allow])
        let rule = try #require(filters.last?.rules.policies["ns[default]-policy[readers]-rule[0]"])
        let principal = rule.principals.first?.andIds.ids.first?.orIds.ids.first
        #expect(principal?.authenticated.principalName.exact == "spiffe://cluster.local/ns/default/sa/client")
        #expect(rule.permissions.first?.andRules.rules.last?.notRule.orRules.rules.first?.urlPath.path.prefix == "/admin")
    }

    @Test func `an ALLOW without rules is there and matches nothing`() throws {
        var mesh = MeshFixture()
        mesh.add(.authorizationPolicy, "nobody", spec: [:])
        let filter = try #require(try rbacFilters(mesh).first)
        #expect(filter.hasRules)
        #expect(filter.rules.action == .allow)
        #expect(filter.rules.policies.isEmpty)
    }

    @Test func `on TCP an ALLOW about HTTP drops out and a DENY about HTTP denies all`() throws {
        var mesh = MeshFixture()
        mesh.add(.authorizationPolicy, "get", spec: ["rules": [["to": [["operation": ["methods": ["GET"]]]]]]])
        mesh.add(
            .authorizationPolicy, "no-post", spec: ["action": "DENY", "rules": [["to": [["operation": ["methods": ["POST"]]]]]]])
        let listener = try #require(try mesh.listener("virtualInbound_3306", of: mesh.server))
        let filters = try #require(listener.filterChains.first).filters.dropLast()
            .map { try Envoy_Extensions_Filters_Network_Rbac_V3_RBAC(serializedBytes: $0.typedConfig.value) }
        #expect(filters.map(\.rules.action) == [.deny, .allow])
        #expect(filters.first?.rules.policies.values.first?.permissions == [.with { $0.any = true }])
        #expect(filters.last?.rules.policies.isEmpty == true)
    }

    @Test func `a Telemetry switches the access log on`() throws {
        var mesh = MeshFixture()
        #expect(try manager(mesh).accessLog.isEmpty)
        mesh.add(.telemetry, "mesh-default", in: "istio-system", spec: ["accessLogging": [["providers": [["name": "envoy"]]]]])
        #expect(try manager(mesh).accessLog.count == 1)
        mesh.add(.telemetry, "quiet", spec: ["accessLogging": [["disabled": true, "match": ["mode": "SERVER"]]]])
        #expect(try manager(mesh).accessLog.isEmpty)
    }

    private func manager(_ mesh: MeshFixture) throws -> Manager {
        let listener = try #require(try mesh.listener("virtualInbound", of: mesh.server))
        let filter = try #require(listener.filterChains.first?.filters.first)
        return try Manager(serializedBytes: filter.typedConfig.value)
    }

    private func rbacFilters(_ mesh: MeshFixture) throws -> [RBACFilter] {
        try manager(mesh).httpFilters.filter { $0.name == ExtensionName.httpRBAC }
            .map { try RBACFilter(serializedBytes: $0.typedConfig.value) }
    }
}
