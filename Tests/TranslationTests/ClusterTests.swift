// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf
import Testing
import Translation

@Suite struct ClusterTests {
    @Test func `a service without rules has Istio's defaults, not Envoy's`() throws {
        let cluster = try #require(try MeshFixture().cluster("outbound|8080||auth.default.svc.cluster.local"))
        #expect(cluster.type == .eds)
        #expect(cluster.lbPolicy == .leastRequest)
        #expect(cluster.connectTimeout.seconds == 10)
        #expect(cluster.circuitBreakers.thresholds.first?.maxConnections.value == UInt32.max)
        #expect(!cluster.hasOutlierDetection)
        #expect(cluster.commonLbConfig.healthyPanicThreshold.value == 0)
        #expect(cluster.transportSocketMatches.map(\.name) == ["tlsMode-istio", "tlsMode-disabled"])
    }

    @Test func `subsets get clusters of their own with only their endpoints`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .destinationRule, "auth",
            spec: [
                "host": "auth",
                "subsets": [["name": "v1", "labels": ["version": "v1"]], ["name": "v2", "labels": ["version": "v2"]]],
            ])
        let name = "outbound|8080|v2|auth.default.svc.cluster.local"
        #expect(try mesh.cluster(name) != nil)
        let endpoints = try #require(mesh.resources(for: mesh.client).resource(name, ofType: TypeURL.endpoints))
        let assignment = try Envoy_Config_Endpoint_V3_ClusterLoadAssignment(serializedBytes: endpoints.body.value)
        let addresses = assignment.endpoints.flatMap(\.lbEndpoints).map(\.endpoint.address.socketAddress.address)
        #expect(addresses == ["127.64.0.3"])
        #expect(MeshTranslation(snapshot: mesh.snapshot).endpoints(of: name, for: mesh.client) == endpoints)
    }

    /// One address that is none has a proxy refuse all of them. Found by changed rules.
    @Test func `an entry that is a host name is left out where addresses are pushed, a socket is one`() throws {
        var mesh = MeshFixture()
        mesh.entry("auth-v3", "db.example.com", labels: ["app": "auth"])
        mesh.entry("auth-v4", "4294967295.64.0.61", labels: ["app": "auth"])
        mesh.add(.workloadEntry, "auth-v5", spec: ["address": "unix:///run/auth", "labels": ["app": "auth"]])
        let endpoints = try #require(
            mesh.resources(for: mesh.client).resource("outbound|8080||auth.default.svc.cluster.local", ofType: TypeURL.endpoints))
        let assignment = try Envoy_Config_Endpoint_V3_ClusterLoadAssignment(serializedBytes: endpoints.body.value)
        let addresses = assignment.endpoints.flatMap(\.lbEndpoints).map(\.endpoint.address)
        #expect(addresses.map(\.socketAddress.address).filter { !$0.isEmpty } == ["127.64.0.2", "127.64.0.3"])
        #expect(addresses.map(\.pipe.path).filter { !$0.isEmpty } == ["/run/auth"])
    }

    @Test func `limits and ejection come from the rule; zero means no limit`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .destinationRule, "auth",
            spec: [
                "host": "auth",
                "trafficPolicy": [
                    "loadBalancer": ["simple": "ROUND_ROBIN"],
                    "connectionPool": [
                        "tcp": ["maxConnections": 100, "connectTimeout": "3s"],
                        "http": ["http1MaxPendingRequests": 10, "http2MaxRequests": 0, "maxRequestsPerConnection": 2],
                    ],
                    "outlierDetection": [
                        "consecutive5xxErrors": 3, "consecutiveGatewayErrors": 0, "interval": "30s", "baseEjectionTime": "1m",
                        "maxEjectionPercent": 50, "minHealthPercent": 20,
                    ],
                ],
            ])
        let cluster = try #require(try mesh.cluster("outbound|8080||auth.default.svc.cluster.local"))
        let limits = try #require(cluster.circuitBreakers.thresholds.first)
        #expect(cluster.lbPolicy == .roundRobin)
        #expect(cluster.connectTimeout.seconds == 3)
        #expect([limits.maxConnections.value, limits.maxPendingRequests.value, limits.maxRequests.value] == [100, 10, UInt32.max])
        #expect(cluster.outlierDetection.consecutive5Xx.value == 3)
        #expect(cluster.outlierDetection.enforcingConsecutive5Xx.value == 100)
        #expect(cluster.outlierDetection.enforcingConsecutiveGatewayFailure.value == 0)
        #expect(cluster.outlierDetection.enforcingSuccessRate.value == 0)
        #expect(cluster.outlierDetection.maxEjectionPercent.value == 50)
        #expect(cluster.commonLbConfig.healthyPanicThreshold.value == 20)
    }

    @Test(
        arguments: [
            (["mode": "SIMPLE"], true, true), (["mode": "MUTUAL", "clientCertificate": "/c", "privateKey": "/k"], true, true),
            (["mode": "SIMPLE", "sni": "other"], false, false), (["mode": "SIMPLE", "subjectAltNames": ["other"]], true, false),
            (["mode": "SIMPLE", "insecureSkipVerify": true], true, false), (["mode": "ISTIO_MUTUAL"], false, false),
            (["mode": "DISABLE"], false, false),
        ] as [(ManifestValue, Bool, Bool)])
    func `as Istio, a server that nothing is said of is called by the host of requests`(
        tls: ManifestValue, asks: Bool, checks: Bool
    ) throws {
        var mesh = MeshFixture()
        mesh.add(.destinationRule, "auth", spec: ["host": "auth", "trafficPolicy": ["tls": tls]])
        let cluster = try #require(try mesh.cluster("outbound|8080||auth.default.svc.cluster.local"))
        let packed = try #require(cluster.typedExtensionProtocolOptions.values.first)
        let options = try Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions(unpackingAny: packed)
        #expect(options.upstreamHTTPProtocolOptions.autoSni == asks)
        #expect(options.upstreamHTTPProtocolOptions.autoSanValidation == checks)
    }

    @Test func `the same mesh gives the same bytes whatever the order of its resources`() {
        var mesh = MeshFixture()
        let first = mesh.resources(for: mesh.client)
        mesh.resources.reverse()
        #expect(mesh.resources(for: mesh.client) == first)
    }

    @Test func `an endpoint whose workload switches mutual TLS off is called in plaintext`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .peerAuthentication, "off", spec: ["selector": ["matchLabels": ["version": "v2"]], "mtls": ["mode": "DISABLE"]])
        let name = "outbound|8080||auth.default.svc.cluster.local"
        let endpoints = try #require(mesh.resources(for: mesh.client).resource(name, ofType: TypeURL.endpoints))
        let assignment = try Envoy_Config_Endpoint_V3_ClusterLoadAssignment(serializedBytes: endpoints.body.value)
        let modes = assignment.endpoints.flatMap(\.lbEndpoints).map {
            $0.metadata.filterMetadata["envoy.transport_socket_match"]?.fields["tlsMode"]?.stringValue
        }
        #expect(modes == ["istio", nil])
    }
}
