// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf
import Testing
import Translation

@Suite struct RouteTests {
    @Test func `without a rule, a request goes to the service and is retried as Istio does`() throws {
        let routes = try MeshFixture().routes()
        #expect(routes.count == 1)
        #expect(routes.first?.name == "default")
        #expect(routes.first?.route.cluster == "outbound|8080||auth.default.svc.cluster.local")
        #expect(routes.first?.route.timeout.seconds == 0)
        #expect(routes.first?.route.hasTimeout == true)
        #expect(
            routes.first?.route.retryPolicy.retryOn
                == "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes")
        #expect(routes.first?.route.retryPolicy.numRetries.value == 2)
    }

    @Test func `the brief's canary: a header to v2, the rest by weight`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .virtualService, "auth",
            spec: [
                "hosts": ["auth"],
                "http": [
                    [
                        "match": [["headers": ["canary": ["exact": "true"]]]],
                        "route": [["destination": ["host": "auth", "subset": "v2"], "weight": 100]],
                    ],
                    [
                        "route": [
                            ["destination": ["host": "auth", "subset": "v1"], "weight": 90],
                            ["destination": ["host": "auth", "subset": "v2"], "weight": 10],
                        ],
                        "timeout": "500ms",
                        "retries": ["attempts": 3, "perTryTimeout": "100ms", "retryOn": "5xx,reset,503"],
                    ],
                ],
            ])
        let routes = try mesh.routes()
        #expect(routes.count == 2)
        #expect(routes[0].match.headers.first?.stringMatch.exact == "true")
        #expect(routes[0].route.cluster == "outbound|8080|v2|auth.default.svc.cluster.local")
        #expect(routes[1].route.weightedClusters.clusters.map(\.weight.value) == [90, 10])
        #expect(routes[1].route.timeout.nanos == 500_000_000)
        #expect(routes[1].route.retryPolicy.retryOn == "5xx,reset,retriable-status-codes")
        #expect(routes[1].route.retryPolicy.retriableStatusCodes == [503])
        #expect(routes[1].metadata.filterMetadata["istio"]?.fields["config"]?.stringValue.hasSuffix("virtual-service/auth") == true)
    }

    @Test func `zero attempts switch retries off`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .virtualService, "auth",
            spec: ["hosts": ["auth"], "http": [["route": [["destination": ["host": "auth"]]], "retries": ["attempts": 0]]]])
        #expect(try mesh.routes().first?.route.hasRetryPolicy == false)
    }

    @Test func `a header that must not have a value also matches when it is absent`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .virtualService, "auth",
            spec: [
                "hosts": ["auth"],
                "http": [["match": [["withoutHeaders": ["x": ["exact": "1"]]]], "route": [["destination": ["host": "auth"]]]]],
            ])
        let header = try #require(try mesh.routes().first?.match.headers.first)
        #expect(header.invertMatch)
        #expect(header.treatMissingHeaderAsEmpty)
    }

    @Test func `an expression that Envoy would refuse costs its match and nothing else`() throws {
        var mesh = MeshFixture()
        mesh.add(
            .virtualService, "auth",
            spec: [
                "hosts": ["auth"],
                "http": [
                    [
                        "match": [["uri": ["regex": "/(?=x)"]], ["uri": ["prefix": "/a"]]],
                        "route": [["destination": ["host": "auth"]]],
                    ]
                ],
            ])
        #expect(try mesh.routes().map(\.match.prefix) == ["/a"])
    }

    @Test(arguments: [
        ("100%", "100%%"), ("50% off 20%", "50%% off 20%%"), ("%REQ(x-a)%", "%REQ(x-a)%"), ("%%", "%%"), ("%NOPE%", "%%NOPE%%"),
        ("plain", "plain"),
    ])
    func `header values keep the commands that Envoy knows and mean the rest literally`(value: String, expected: String) throws {
        var mesh = MeshFixture()
        mesh.add(
            .virtualService, "auth",
            spec: [
                "hosts": ["auth"],
                "http": [
                    [
                        "headers": ["request": ["set": ["x-v": ManifestValue(.string(value))]]],
                        "route": [["destination": ["host": "auth"]]],
                    ]
                ],
            ])
        #expect(try mesh.routes().first?.requestHeadersToAdd.first?.header.value == expected)
    }

    @Test func `every domain stands once, and a host nobody knows is answered with 502`() throws {
        let mesh = MeshFixture()
        let table = try #require(mesh.resources(for: mesh.client).resource("http_proxy", ofType: TypeURL.routes))
        let hosts = try Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: table.body.value).virtualHosts
        let domains = hosts.flatMap(\.domains)
        #expect(Set(domains).count == domains.count)
        #expect(domains.contains("auth:8080") && domains.contains("auth") && domains.contains("auth.default"))
        #expect(hosts.last?.routes.first?.directResponse.status == 502)
    }
}
