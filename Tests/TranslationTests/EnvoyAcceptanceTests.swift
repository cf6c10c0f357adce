// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshModel
import MeshResources
import SwiftProtobuf
import Testing
import Translation

/// A stock Envoy takes what we generate.
@Suite struct EnvoyAcceptanceTests {
    private typealias Manager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager

    @Test func `Envoy accepts a plain mesh`() async throws {
        let mesh = MeshFixture()
        try await validate(mesh, for: mesh.client)
        try await validate(mesh, for: mesh.server)
    }

    @Test func `Envoy accepts every feature of routes, clusters and policies`() async throws {
        let mesh = Self.everything()
        try await validate(mesh, for: mesh.client)
        try await validate(mesh, for: mesh.server)
    }

    @Test func `Envoy refuses a route table that is wrong, so its acceptance means something`() async throws {
        guard EnvoyValidation.envoy != nil else { return }
        let mesh = MeshFixture()
        var bootstrap = try EnvoyValidation.bootstrap([mesh.resources(for: mesh.client)])
        var manager = Manager()
        manager.statPrefix = "x"
        manager.routeConfig.virtualHosts = [
            .with {
                $0.name = "twice"; $0.domains = ["a", "a"]
            }
        ]
        bootstrap.staticResources.listeners[0].filterChains[0].filters[0].typedConfig = try .init(message: manager)
        #expect(try await EnvoyValidation.complaint(about: bootstrap) != nil)
    }

    /// One Envoy after the other: all at once, they would take the machine from the tests that run beside.
    @Test(.serialized, arguments: ScenarioMesh.names)
    func `Envoy accepts every scenario`(name: String) async throws {
        let mesh = MeshTranslation(snapshot: try ScenarioMesh.snapshot(name))
        let all = [ScenarioMesh.client, ScenarioMesh.server].map(mesh.resources)
        let complaint = try await EnvoyValidation.complaint(about: try EnvoyValidation.bootstrap(all))
        #expect(complaint == nil)
    }

    private func validate(_ mesh: MeshFixture, for node: ProxyNode) async throws {
        let complaint = try await EnvoyValidation.complaint(about: try EnvoyValidation.bootstrap([mesh.resources(for: node)]))
        #expect(complaint == nil, "\(node.name)")
    }

    // MARK: A mesh with everything in it

    private static func everything() -> MeshFixture {
        var mesh = MeshFixture()
        mesh.add(.virtualService, "auth", spec: ["hosts": ["auth"], "http": routes])
        mesh.add(
            .virtualService, "db",
            spec: [
                "hosts": ["db"],
                "tcp": [
                    [
                        "route": [
                            ["destination": ["host": "db"], "weight": 30],
                            ["destination": ["host": "auth", "port": ["number": 8080]], "weight": 70],
                        ]
                    ]
                ],
            ])
        mesh.add(.virtualService, "elsewhere", spec: ["hosts": ["www.example.com"], "http": [["directResponse": ["status": 204]]]])
        mesh.add(.destinationRule, "auth", spec: ["host": "auth", "trafficPolicy": policy, "subsets": subsets])
        mesh.add(
            .serviceEntry, "outside",
            spec: [
                "hosts": ["api.example.com", "*.wild.example.com"],
                "ports": [["number": 443, "name": "https", "protocol": "HTTPS"]],
                "resolution": "NONE",
            ])
        mesh.add(
            .serviceEntry, "fixed",
            spec: [
                "hosts": ["fixed.example.com"], "ports": [["number": 80, "name": "http", "protocol": "HTTP"]],
                "resolution": "STATIC", "endpoints": [["address": "10.1.2.3", "locality": "r/z/s"]], "location": "MESH_INTERNAL",
            ])
        mesh.add(
            .destinationRule, "fixed", spec: ["host": "fixed.example.com", "trafficPolicy": ["tls": ["mode": "SIMPLE"]]])
        mesh.add(.authorizationPolicy, "allow", spec: ["rules": rules])
        mesh.add(.authorizationPolicy, "deny", spec: ["action": "DENY", "rules": rules])
        mesh.add(.authorizationPolicy, "nobody", in: "istio-system", spec: [:])
        mesh.add(.telemetry, "logs", in: "istio-system", spec: ["accessLogging": [["providers": [["name": "envoy"]]]]])
        return mesh
    }

    private static let destination: ManifestValue = [["destination": ["host": "auth", "subset": "v1"]]]

    private static let routes: ManifestValue = [
        [
            "name": "matched",
            "match": [
                [
                    "name": "all", "uri": ["exact": "/a"], "method": ["exact": "GET"], "authority": ["prefix": "auth"],
                    "scheme": ["exact": "http"], "headers": ["x-a": ["regex": "v[12]"], "x-b": [:]],
                    "withoutHeaders": ["x-c": ["prefix": "no"], "x-d": [:]], "queryParams": ["q": ["exact": "1"], "r": [:]],
                    "ignoreUriCase": true,
                ],
                ["uri": ["regex": "/users/[0-9]+"]],
            ],
            "route": destination, "timeout": "2s",
            "retries": ["attempts": 3, "perTryTimeout": "500ms", "retryOn": "5xx,gateway-error,503", "backoff": "10ms"],
            "rewrite": ["uri": "/b", "authority": "other.example.com"],
            "headers": [
                "request": ["set": ["x-e": "100%"], "add": ["x-f": "%REQ(x-a)%"], "remove": ["x-g"]],
                "response": ["set": ["x-h": "1"], "remove": ["server"]],
            ],
            "fault": [
                "delay": ["fixedDelay": "5s", "percentage": ["value": 10]],
                "abort": ["httpStatus": 503, "percentage": ["value": 1]],
            ],
            "mirror": ["host": "auth", "subset": "v2"], "mirrorPercentage": ["value": 5],
        ],
        ["match": [["uri": ["prefix": "/r"]]], "redirect": ["uri": "/x", "authority": "r.example.com", "redirectCode": 308]],
        ["match": [["uri": ["prefix": "/s"]]], "redirect": ["scheme": "https", "derivePort": "FROM_PROTOCOL_DEFAULT"]],
        ["match": [["uri": ["prefix": "/p"]]], "redirect": ["prefixRewrite": "/q"]],
        ["match": [["uri": ["prefix": "/d"]]], "directResponse": ["status": 418, "body": ["string": "tea\n"]]],
        [
            "match": [["uri": ["prefix": "/g"]]], "route": destination, "fault": ["abort": ["grpcStatus": "UNAVAILABLE"]],
            "rewrite": ["uriRegexRewrite": ["match": "/g/(.*)", "rewrite": "/\\1"]],
        ],
        [
            "route": [
                ["destination": ["host": "auth", "subset": "v1"], "weight": 90, "headers": ["request": ["add": ["x-w": "1"]]]],
                ["destination": ["host": "auth", "subset": "v2"], "weight": 10],
                ["destination": ["host": "nowhere"], "weight": 0],
            ]
        ],
    ]

    private static let policy: ManifestValue = [
        "loadBalancer": ["consistentHash": ["httpCookie": ["name": "c", "ttl": "0s"]]],
        "connectionPool": [
            "tcp": [
                "maxConnections": 100, "connectTimeout": "30ms", "tcpKeepalive": ["probes": 3, "time": "60s", "interval": "5s"],
            ],
            "http": ["http1MaxPendingRequests": 10, "maxRequestsPerConnection": 2, "maxRetries": 3, "idleTimeout": "10s"],
        ],
        "outlierDetection": [
            "consecutive5xxErrors": 5, "consecutiveGatewayErrors": 3, "splitExternalLocalOriginErrors": true,
            "consecutiveLocalOriginFailures": 4, "interval": "1s", "baseEjectionTime": "1s", "maxEjectionPercent": 100,
        ],
        "retryBudget": ["percent": 30, "minRetryConcurrency": 2],
    ]

    private static let subsets: ManifestValue = [
        [
            "name": "v1", "labels": ["version": "v1"],
            "trafficPolicy": [
                "loadBalancer": ["simple": "LEAST_CONN", "warmupDurationSecs": "10s"], "tls": ["mode": "ISTIO_MUTUAL"],
            ],
        ],
        [
            "name": "v2", "labels": ["version": "v2"],
            "trafficPolicy": ["tls": ["mode": "DISABLE"], "loadBalancer": ["simple": "RANDOM"]],
        ],
    ]

    private static let rules: ManifestValue = [
        [
            "from": [
                [
                    "source": [
                        "principals": ["*"], "notPrincipals": ["*/sa/x"], "namespaces": ["a", "b*"], "notNamespaces": ["c"],
                        "ipBlocks": ["10.0.0.0/8"], "notIpBlocks": ["::1"], "remoteIpBlocks": ["192.168.1.1"],
                        "requestPrincipals": ["*"], "trustDomains": ["*.local"], "notTrustDomains": ["evil"],
                    ]
                ], ["source": ["serviceAccounts": ["client", "other/client"]]],
            ],
            "to": [
                [
                    "operation": [
                        "hosts": ["*.example.com"], "notHosts": ["x"], "methods": ["GET"], "notMethods": ["*"],
                        "paths": ["/a/{*}/b", "/c/{**}", "*/d"], "notPaths": ["/e*"], "ports": ["8080"], "notPorts": ["1"],
                    ]
                ]
            ],
            "when": [
                ["key": "request.headers[x-token]", "values": ["a", "b*"], "notValues": ["*c"]],
                ["key": "source.ip", "notValues": ["1.2.3.4"]], ["key": "destination.ip", "values": ["127.0.0.0/8"]],
                ["key": "connection.sni", "values": ["*.cluster.local"]], ["key": "destination.port", "values": ["8080"]],
                ["key": "source.namespace", "values": ["a"]], ["key": "source.principal", "values": ["cluster.local/*"]],
            ],
        ], [:],
    ]
}
