// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// The admin ports of a stock Envoy and of malla-proxy, started from the same file: what we show has the keys and types that Envoy's has,
/// and the same requests are refused with the same status.
@Suite(
    .timeLimit(.minutes(2)), .serialized,
    .enabled(if: DifferentialTests.isPossible, "needs envoy on PATH and malla-proxy beside the tests"))
struct AdminShapeTests {
    /// Keys that only we have: Envoy says its version in another field of the node.
    private static let ours: Set<String> = [".node.user_agent_version: text"]

    struct Answer: Sendable {
        var status: Int
        var contentType: String
        var body: String
    }

    private static let bootstrap = """
        node: {id: shape, cluster: shape, metadata: {A: b}}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        static_resources:
          listeners:
        \(DifferentialCase.Listener.allCases.map(Self.listener).joined(separator: "\n"))
          clusters:
          - name: c
            type: STATIC
            connect_timeout: 1s
            load_assignment:
              cluster_name: c
              endpoints:
              - locality: {region: r, zone: z, sub_zone: s}
                lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9}}}}]
            circuit_breakers: {thresholds: [{max_connections: 5}]}
        """

    private static func listener(_ listener: DifferentialCase.Listener) -> String {
        """
          - name: \(listener.rawValue)
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: h
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: s
                  route_config: {name: r, virtual_hosts: [{name: h, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: c}}]}]}
                  http_filters: [{name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
        """
    }

    @Test func `what we show has Envoy's shape, what is refused Envoy's status`() async throws {
        try await ProxyPair.run(bootstrap: { _ in Self.bootstrap }) { pair in
            let (theirs, ours) = try pair.admins()
            try await Self.compareShapes(theirs, ours)
            try await Self.compareStatuses(theirs, ours)
        }
    }

    private static func compareShapes(_ theirs: Int, _ ours: Int) async throws {
        for target in [
            "/server_info", "/config_dump", "/config_dump?include_eds", "/config_dump?resource=static_listeners",
            "/config_dump?resource=static_clusters&mask=cluster.name", "/config_dump?mask=bootstrap", "/clusters?format=json",
            "/listeners?format=json", "/certs", "/stats?format=json&filter=%5Eserver.live",
        ] {
            let (envoy, malla) = (try await Self.ask("GET", target, theirs), try await Self.ask("GET", target, ours))
            #expect(malla.status == 200 && malla.contentType == envoy.contentType, "\(target)")
            let missing = try Self.shape(malla.body).subtracting(try Self.shape(envoy.body)).subtracting(Self.ours)
            #expect(missing.isEmpty, "\(target): \(missing.sorted())")
        }
        for target in ["/clusters", "/listeners"] {
            let keys = try await Self.keys(target, ours).subtracting(try await Self.keys(target, theirs))
            #expect(keys.isEmpty, "\(target): \(keys.sorted())")
        }
    }

    private static func compareStatuses(_ theirs: Int, _ ours: Int) async throws {
        for (method, target) in [
            ("GET", "/"), ("GET", "/help"), ("GET", "/ready"), ("HEAD", "/ready"), ("POST", "/ready"), ("GET", "/nope"),
            ("GET", "/logging"), ("GET", "/drain_listeners"), ("GET", "/healthcheck/fail"), ("GET", "/healthcheck/ok"),
            ("GET", "/quitquitquit"), ("GET", "/reopen_logs"), ("GET", "/config_dump?resource=nope"),
            ("GET", "/config_dump?resource=bootstrap"), ("GET", "/config_dump?resource=static_clusters&mask=nope"),
            ("GET", "/stats?format=xml"), ("GET", "/stats?filter=%5B"), ("GET", "/stats/prometheus"),
            ("GET", "/clusters?filter=%5B"),
            ("POST", "/logging"), ("POST", "/logging?level=loud"), ("POST", "/logging?paths=main:debug"),
            ("POST", "/logging?paths=main:loud"), ("POST", "/healthcheck/fail"), ("GET", "/ready"), ("POST", "/healthcheck/ok"),
            ("GET", "/ready"), ("POST", "/reopen_logs"),
        ] {
            let (envoy, malla) = (try await Self.ask(method, target, theirs), try await Self.ask(method, target, ours))
            #expect(malla.status == envoy.status, "\(method) \(target): \(malla.body.prefix(200))")
            let kind = malla.contentType.prefix { $0 != ";" }
            #expect(kind == envoy.contentType.prefix { $0 != ";" }, "\(method) \(target)")
        }
    }

    // MARK: Asking

    static func admin(_ directory: String) throws -> Int {
        let address = try String(contentsOfFile: "\(directory)/admin-address", encoding: .utf8)
        return try #require(address.split(separator: ":").last.flatMap { Int($0) })
    }

    static func ask(_ method: String, _ target: String, _ port: Int) async throws -> Answer {
        let text = try await RawConnection.exchange(
            "\(method) \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", port: port
        ).text
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let head = (parts.first ?? "").split(separator: "\r\n").map(String.init)
        func value(_ name: String) -> String? {
            head.first { $0.lowercased().hasPrefix(name + ":") }?.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
        }
        var body = parts.count > 1 ? String(parts[1]) : ""
        if value("transfer-encoding") == "chunked" { body = Self.unchunked(body) }
        return Answer(
            status: head.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0,
            contentType: value("content-type") ?? "", body: body)
    }

    private static func unchunked(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        var result: [UInt8] = []
        while let end = bytes.firstIndex(of: UInt8(ascii: "\r")),
            let size = Int(String(decoding: bytes[..<end], as: UTF8.self), radix: 16), size > 0
        {
            result += bytes[end...].dropFirst(2).prefix(size)
            bytes = bytes[end...].dropFirst(2 + size + 2)
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: Shapes

    /// Every key with its place and the kind of its value: `configs[].bootstrap.node.id: text`.
    private static func shape(_ json: String) throws -> Set<String> {
        var shape: Set<String> = []
        Self.collect(try JSONSerialization.jsonObject(with: Data(json.utf8)), "", &shape)
        return shape
    }

    private static func collect(_ value: Any, _ path: String, _ shape: inout Set<String>) {
        switch value {
        case let members as [String: Any]:
            // Entries of different types stand in one list.
            let type = (members["@type"] as? String).map { "<\($0.split(separator: ".").last ?? "")>" } ?? ""
            for (name, member) in members { Self.collect(member, "\(path)\(type).\(name)", &shape) }
        case let items as [Any]:
            for item in items { Self.collect(item, path + "[]", &shape) }
        case let number as NSNumber:
            shape.insert("\(path): \(CFNumberIsBoolean(number) ? "bool" : "number")")
        case is String: shape.insert("\(path): text")
        default: break
        }
    }

    private static func CFNumberIsBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }

    /// Of `cluster::host::key::value` lines, the keys.
    private static func keys(_ target: String, _ port: Int) async throws -> Set<String> {
        let lines = try await Self.ask("GET", target, port).body.split(separator: "\n")
        return Set(lines.map { $0.split(separator: "::").dropLast().last.map(String.init) ?? "" })
    }
}
