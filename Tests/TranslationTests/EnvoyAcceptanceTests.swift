// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshModel
import MeshResources
import SwiftProtobuf
import Testing
import Translation

/// A stock Envoy takes what we generate: `envoy --mode validate` over a bootstrap that holds it all as static resources.
@Suite struct EnvoyAcceptanceTests {
    private typealias Manager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager

    @Test func `Envoy accepts a plain mesh`() throws {
        let mesh = MeshFixture()
        try validate(mesh, for: mesh.client)
        try validate(mesh, for: mesh.server)
    }

    @Test func `Envoy accepts every feature of routes, clusters and policies`() throws {
        let mesh = Self.everything()
        try validate(mesh, for: mesh.client)
        try validate(mesh, for: mesh.server)
    }

    @Test func `Envoy refuses a route table that is wrong, so its acceptance means something`() throws {
        guard Self.find("envoy") != nil else { return }
        let mesh = MeshFixture()
        var bootstrap = try bootstrap(mesh.resources(for: mesh.client))
        var manager = Manager()
        manager.statPrefix = "x"
        manager.routeConfig.virtualHosts = [
            .with {
                $0.name = "twice"; $0.domains = ["a", "a"]
            }
        ]
        bootstrap.staticResources.listeners[0].filterChains[0].filters[0].typedConfig = try .init(message: manager)
        #expect(try complaint(about: bootstrap) != nil)
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
                        "requestPrincipals": ["*"],
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

    // MARK: Envoy

    private func validate(_ mesh: MeshFixture, for node: ProxyNode) throws {
        let complaint = try complaint(about: try bootstrap(mesh.resources(for: node)))
        #expect(complaint == nil, "\(node.name)")
    }

    /// Nil when Envoy takes it, or is not installed.
    private func complaint(about bootstrap: Envoy_Config_Bootstrap_V3_Bootstrap) throws -> String? {
        guard let envoy = Self.find("envoy") else {
            print("skipped: envoy is not installed")
            return nil
        }
        ExtensionTypes.register()
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let file = FileManager.default.temporaryDirectory.appending(path: "malla-\(UUID().uuidString).json")
        try Data(bootstrap.jsonString(options: options).utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let output = Pipe()
        process.executableURL = envoy
        process.arguments = ["--mode", "validate", "-l", "warning", "--disable-hot-restart", "-c", file.path()]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : text
    }

    private static func find(_ program: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { URL(filePath: String($0)).appending(path: program) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path()) }
    }

    /// Route tables move into their listeners and endpoints into their clusters; the rest stays as it is sent.
    private func bootstrap(_ resources: GeneratedResources) throws -> Envoy_Config_Bootstrap_V3_Bootstrap {
        var bootstrap = Envoy_Config_Bootstrap_V3_Bootstrap()
        bootstrap.node.id = "test"
        bootstrap.node.cluster = "test"
        bootstrap.dynamicResources.adsConfig.apiType = .grpc
        bootstrap.dynamicResources.adsConfig.transportApiVersion = .v3
        bootstrap.dynamicResources.adsConfig.grpcServices = [.with { $0.envoyGrpc.clusterName = "sds-grpc" }]
        bootstrap.staticResources.clusters = [Self.secretCluster]
        for resource in resources.resources(ofType: TypeURL.cluster) {
            var cluster = try Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.body.value)
            if cluster.type == .eds, let endpoints = resources.resource(cluster.name, ofType: TypeURL.endpoints) {
                cluster.loadAssignment = try .init(serializedBytes: endpoints.body.value)
                cluster.clearEdsClusterConfig()
                cluster.type = .static
            }
            bootstrap.staticResources.clusters.append(cluster)
        }
        for resource in resources.resources(ofType: TypeURL.listener) {
            var listener = try Envoy_Config_Listener_V3_Listener(serializedBytes: resource.body.value)
            for chain in listener.filterChains.indices {
                for filter in listener.filterChains[chain].filters.indices {
                    let packed = listener.filterChains[chain].filters[filter].typedConfig
                    guard packed.typeURL == TypeURL.httpConnectionManager else { continue }
                    var manager = try Manager(serializedBytes: packed.value)
                    guard case .rds(let rds) = manager.routeSpecifier else { continue }
                    let table = try #require(resources.resource(rds.routeConfigName, ofType: TypeURL.routes))
                    manager.routeConfig = try .init(serializedBytes: table.body.value)
                    listener.filterChains[chain].filters[filter].typedConfig = try .init(message: manager)
                }
            }
            bootstrap.staticResources.listeners.append(listener)
        }
        return bootstrap
    }

    private static let secretCluster: Envoy_Config_Cluster_V3_Cluster = .with {
        $0.name = "sds-grpc"
        $0.type = .static
        $0.connectTimeout.seconds = 1
        $0.loadAssignment.clusterName = "sds-grpc"
        $0.loadAssignment.endpoints = [.with { $0.lbEndpoints = [.with { $0.endpoint.address.pipe.path = "/tmp/sds.sock" }] }]
    }
}
