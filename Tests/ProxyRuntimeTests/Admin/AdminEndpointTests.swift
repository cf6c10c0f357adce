// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import ProxyModel
import ProxyRuntime
import Testing

/// Shapes and answers as a stock Envoy 1.40 gives them.
@Suite struct AdminEndpointTests {
    @Test func `ready says the state, and 200 only when live`() async throws {
        let rig = try AdminRig()
        #expect(await rig.get("/ready") == AdminResponse(body: "LIVE\n"))
        #expect(await rig.post("/healthcheck/fail").body == "OK\n")
        #expect(await rig.get("/ready") == AdminResponse(status: 503, body: "DRAINING\n"))
        #expect(await rig.post("/healthcheck/ok").body == "OK\n")
        #expect(await rig.get("/ready").status == 200)
    }

    @Test(arguments: [
        "/logging", "/drain_listeners", "/healthcheck/fail", "/healthcheck/ok", "/quitquitquit", "/logging?level=info",
        "/reopen_logs",
    ])
    func `what changes something needs POST`(_ target: String) async throws {
        let rig = try AdminRig()
        #expect(await rig.get(target) == AdminResponse(status: 405, body: "Method GET not allowed, POST required."))
        #expect(rig.requests.all.isEmpty && rig.level.level == .info && rig.gate.state == .live)
        #expect(await rig.post(target).status == 200)
    }

    @Test func `drain and quit are handed on`() async throws {
        let rig = try AdminRig()
        _ = await rig.post("/drain_listeners")
        _ = await rig.post("/drain_listeners?graceful")
        _ = await rig.post("/reopen_logs")
        #expect(await rig.post("/drain_listeners?inboundonly").status == 400)
        _ = await rig.post("/quitquitquit")
        #expect(rig.requests.all == ["drain false", "drain true", "reopen", "quit"])
    }

    @Test func `logging changes the level of everything, or of single parts`() async throws {
        let rig = try AdminRig()
        let all = "active loggers:\n  admin: info\n  main: info\n  proxy: info\n  xds: info\n"
        #expect(await rig.post("/logging").body == all)
        #expect(await rig.post("/logging?level=debug").body == all.replacing("info", with: "debug"))
        #expect(rig.level.level == .debug)
        for target in ["level=loud", "paths=http:trace", "paths=xds:loud", "paths=xds", "nobody=info", "level=info&xds=info"] {
            let answer = await rig.post("/logging?\(target)")
            #expect(answer.status == 400 && answer.body.contains("usage: /logging?level="), "\(target)")
        }
        #expect(rig.level.level == .debug)
        #expect(await rig.post("/logging?paths=xds:trace,proxy:off").body.contains("  proxy: off\n  xds: trace\n"))
        #expect(await rig.post("/logging?admin=error").body.contains("  admin: error\n  main: debug\n"))
        #expect(await rig.post("/logging?level=off").body.contains("  xds: off\n"))
    }

    @Test func `help and home list every endpoint, an unknown path gets the list with 404`() async throws {
        let rig = try AdminRig()
        let paths = [
            "/", "/certs", "/clusters", "/config_dump", "/drain_listeners", "/healthcheck/fail", "/healthcheck/ok", "/help",
            "/listeners", "/logging", "/quitquitquit", "/ready", "/reopen_logs", "/server_info", "/stats", "/stats/prometheus",
        ]
        let help = await rig.get("/help").body
        #expect(help.hasPrefix("admin commands are:\n  /: "))
        for path in paths { #expect(help.contains("\n  \(path)"), "\(path)") }
        let home = await rig.get("/")
        #expect(home.contentType.hasPrefix("text/html") && home.body.contains("<form action='quitquitquit' method='post'>"))
        let unknown = await rig.get("/nope")
        #expect(unknown.status == 404 && unknown.body.hasPrefix("invalid path. admin commands are:\n"))
        #expect(await rig.routes.answer(AdminRequest(method: "DELETE", target: "/ready")).status == 405)
    }

    @Test func `server_info has Envoy's members`() async throws {
        let info = try await AdminRig().json("/server_info")
        #expect(info["state"] as? String == "LIVE" && info["uptime_current_epoch"] as? String == "25s")
        #expect((info["node"] as? [String: Any])?["id"] as? String == "n")
        #expect((info["version"] as? String)?.hasPrefix("malla/") == true)
        #expect((info["command_line_options"] as? [String: Any])?["log_level"] as? String == "info")
    }

    static let plane = FakeDataPlane(
        clusters: [
            ClusterStatus(
                name: "b", limits: CircuitLimits(maxConnections: 5),
                hosts: [
                    ClusterStatus.Host(
                        address: SocketEndpoint(host: "10.0.0.1", port: 80), weight: 3, hostname: "one", activeConnections: 1,
                        activeRequests: 2, totalRequests: 10, failedRequests: 4, successfulRequests: 6),
                    ClusterStatus.Host(address: SocketEndpoint(host: "::1", port: 81), isHealthy: false, isEjected: true),
                ]),
            ClusterStatus(name: "a"),
        ],
        listeners: [
            ListenerStatus(name: "m", address: SocketEndpoint(host: "::", port: 2)),
            ListenerStatus(name: "l", address: SocketEndpoint(host: "127.0.0.1", port: 1)),
        ])
    static let bootstrap = "static_resources: {clusters: [{name: a}]}"

    @Test func `clusters as lines`() async throws {
        let lines = await (try AdminRig(bootstrap: Self.bootstrap, plane: Self.plane)).get("/clusters").body.split(separator: "\n")
        for line in [
            "a::added_via_api::false", "b::added_via_api::true", "b::default_priority::max_connections::5",
            "b::10.0.0.1:80::rq_total::10", "b::10.0.0.1:80::rq_success::6", "b::10.0.0.1:80::rq_error::4",
            "b::10.0.0.1:80::hostname::one", "b::10.0.0.1:80::weight::3", "b::10.0.0.1:80::health_flags::healthy",
            "b::[::1]:81::health_flags::/failed_outlier_check/failed_eds_health",
        ] {
            #expect(lines.contains { $0 == line }, "\(line)")
        }
        #expect(lines.first?.hasPrefix("a::") == true)
    }

    @Test func `clusters as JSON`() async throws {
        let rig = try AdminRig(bootstrap: Self.bootstrap, plane: Self.plane)
        let statuses = try #require(try await rig.json("/clusters?format=json")["cluster_statuses"] as? [[String: Any]])
        #expect(statuses.map { $0["name"] as? String } == ["a", "b"])
        let hosts = try #require(statuses.last?["host_statuses"] as? [[String: Any]])
        let address = (hosts.first?["address"] as? [String: Any])?["socket_address"] as? [String: Any]
        #expect(address?["address"] as? String == "10.0.0.1" && address?["port_value"] as? Int == 80)
        let stats = try #require(hosts.first?["stats"] as? [[String: String]])
        // COUNTER is the first of its kind, and left out, as zero is.
        #expect(stats.contains(["name": "rq_total", "value": "10"]))
        #expect(stats.contains(["name": "cx_active", "value": "1", "type": "GAUGE"]))
        let health = try #require(hosts.last?["health_status"] as? [String: Any])
        #expect(health["failed_outlier_check"] as? Bool == true && health["eds_health_status"] as? String == "UNHEALTHY")
        #expect(await rig.get("/clusters?filter=^a$").body.contains("b::") == false)
        #expect(await rig.get("/clusters?filter=(").status == 400)
    }

    @Test func `listeners as lines and JSON`() async throws {
        let rig = try AdminRig(plane: Self.plane)
        #expect(await rig.get("/listeners").body == "l::127.0.0.1:1\nm::[::]:2\n")
        let statuses = try #require(try await rig.json("/listeners?format=json")["listener_statuses"] as? [[String: Any]])
        let address = (statuses.first?["local_address"] as? [String: Any])?["socket_address"] as? [String: Any]
        #expect(statuses.first?["name"] as? String == "l" && address?["port_value"] as? Int == 1)
    }

    @Test func `stats as text, JSON and Prometheus`() async throws {
        let rig = try AdminRig(plane: Self.plane)
        #expect(await rig.get("/stats?filter=^server\\.").body == "server.live: 1\nserver.state: 0\nserver.uptime: 25\n")
        #expect(await rig.get("/stats?filter=rq_total").body == "cluster.a.upstream_rq_total: 0\ncluster.b.upstream_rq_total: 10\n")
        #expect(await rig.get("/stats?filter=rq_total&usedonly").body == "cluster.b.upstream_rq_total: 10\n")
        #expect(await rig.get("/stats?filter=membership_healthy&usedonly").body == "cluster.b.membership_healthy: 1\n")
        let json = await rig.get("/stats?format=json&filter=^server.live")
        #expect(json.contentType == "application/json")
        #expect(json.body == "{\"stats\":[{\"name\":\"server.live\",\"value\":1}]}\n")
        #expect(await rig.get("/stats?format=xml").status == 400)
        #expect(await rig.get("/stats?filter=[").status == 400)
        let prometheus = await rig.get("/stats/prometheus")
        #expect(prometheus == (await rig.get("/stats?format=prometheus")))
        #expect(prometheus.contentType.hasPrefix("text/plain; version=0.0.4"))
        for line in [
            "# TYPE envoy_server_live gauge", "envoy_server_live 1", "envoy_server_uptime 25",
            "malla_certificate_renewals_total 2", "malla_certificate_renewal_failures_total 1",
            "malla_access_log_dropped_total 7", "envoy_control_plane_connected_state 0",
        ] {
            #expect(prometheus.body.contains("\(line)\n"), "\(line)")
        }
    }

    @Test func `certs show who we are and until when, never keys`() async throws {
        let rig = try AdminRig()
        #expect(try await rig.json("/certs")["certificates"] as? [String] == [])
        let credential = try TestAuthority(now: AdminRig.start).credential(
            notBefore: AdminRig.start, notAfter: AdminRig.start + 3 * 86_400)
        rig.certificates.replace(credential)
        let entry = try #require((try await rig.json("/certs")["certificates"] as? [[String: Any]])?.first)
        let leaf = try #require((entry["cert_chain"] as? [[String: Any]])?.first)
        #expect(leaf["days_until_expiration"] as? String == "2" && leaf["path"] as? String == "sds://default")
        #expect(leaf["valid_from"] as? String == "2027-01-15T08:00:00Z")
        #expect(leaf["subject_alt_names"] as? [[String: String]] == [["uri": "spiffe://cluster.local/ns/default/sa/web"]])
        #expect((entry["ca_cert"] as? [[String: Any]])?.first?["path"] as? String == "sds://ROOTCA")
        #expect(await rig.get("/certs").body.contains("PRIVATE") == false)
        #expect(await rig.get("/stats/prometheus").body.contains("envoy_server_days_until_first_cert_expiring 2\n"))
    }

    @Test(arguments: [
        ("/a?b=c", "/a", ["b": "c"]), ("/a", "/a", [:]), ("/?x", "/", ["x": ""]), ("?x=1", "", ["x": "1"]),
        ("/a?b=%5E%26&c=d=e", "/a", ["b": "^&", "c": "d=e"]), ("/a?&&", "/a", [:]), ("/a?b=%zz", "/a", ["b": "%zz"]),
    ])
    func `a target is read`(_ target: String, _ path: String, _ query: [String: String]) {
        let request = AdminRequest(method: "GET", target: target)
        #expect(request.path == path && request.query == query)
    }
}
