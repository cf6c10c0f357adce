// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Observability
import Proxy
import Testing

@Suite(.timeLimit(.minutes(1))) struct IstioLabelTests {
    /// Istio's whole label set for web → auth, by reporter.
    static func labels(_ reporter: String, code: String) -> [String: String] {
        let isSource = reporter == "source"
        return [
            "reporter": reporter,
            "source_workload": "web-v1", "source_canonical_service": "web", "source_canonical_revision": "v1",
            "source_workload_namespace": "default", "source_app": "web", "source_version": "v1", "source_cluster": "Kubernetes",
            "source_principal": "spiffe://cluster.local/ns/default/sa/web",
            "destination_workload": "auth-v1", "destination_workload_namespace": "default",
            "destination_principal": "spiffe://cluster.local/ns/default/sa/auth",
            "destination_app": "auth", "destination_version": "v1",
            "destination_service": "auth.default.svc.cluster.local", "destination_canonical_service": "auth",
            "destination_canonical_revision": "v1", "destination_service_name": "auth",
            "destination_service_namespace": "default", "destination_cluster": "Kubernetes",
            "request_protocol": "http", "response_code": code, "grpc_response_status": "", "response_flags": "-",
            "connection_security_policy": isSource ? "unknown" : "mutual_tls",
        ]
    }

    static func samples(_ proxy: ProxyServer, _ name: String) async -> [PrometheusSample] {
        var text = PrometheusText()
        await proxy.telemetry().write(to: &text)
        return PrometheusSample.all(in: text.text).filter { $0.name == name }
    }

    @Test func `both sidecars report a request with Istio's whole label set`() async throws {
        let pair = try await SidecarPair()
        for path in ["/ok", "/ok", "/bad"] {
            let answer = try await RawConnection.exchange(
                "POST \(path) HTTP/1.1\r\nHost: auth\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello", port: pair.port)
            #expect(answer.text.hasPrefix(path == "/ok" ? "HTTP/1.1 200 " : "HTTP/1.1 500 "), "\(answer.text)")
            // Who the caller is stays between the sidecars.
            #expect(!answer.text.lowercased().contains("x-envoy-peer-metadata"))
        }
        for (proxy, reporter) in [(pair.web, "source"), (pair.auth, "destination")] {
            try await waitUntil("\(reporter)'s samples", within: .seconds(10)) {
                await Self.samples(proxy, "istio_requests_total").count == 2
            }
            let counts = await Self.samples(proxy, "istio_requests_total")
            for (code, count) in [("200", 2.0), ("500", 1.0)] {
                let sample = try #require(counts.first { $0.labels["response_code"] == code })
                #expect(sample.value == count)
                let wanted = Self.labels(reporter, code: code)
                for (name, value) in wanted { #expect(sample.labels[name] == value, "\(reporter) \(name)") }
                #expect(Set(sample.labels.keys) == Set(wanted.keys))
            }
            for (name, sum) in [("istio_request_bytes", 10.0), ("istio_response_bytes", 10.0)] {
                let sums = await Self.samples(proxy, name + "_sum")
                #expect(sums.first { $0.labels["response_code"] == "200" }?.value == sum, "\(reporter) \(name)")
            }
            let durations = await Self.samples(proxy, "istio_request_duration_milliseconds_count")
            #expect(durations.map(\.value).sorted() == [1, 2])
        }
        try await waitUntil("the access log", within: .seconds(10)) { pair.log.lines.count == 3 }
        #expect(pair.log.lines == ["/ok 200", "/ok 200", "/bad 500"])
        try await pair.stop()
    }

    /// Found by the demo: the service of a request that was denied was unknown.
    @Test func `a denied request is counted for the service that it asked for`() async throws {
        let pair = try await SidecarPair()
        let answer = try await RawConnection.exchange(
            "GET /secret HTTP/1.1\r\nHost: auth\r\nConnection: close\r\n\r\n", port: pair.port)
        #expect(answer.text.hasPrefix("HTTP/1.1 403 "))
        try await waitUntil("the sample", within: .seconds(10)) {
            await Self.samples(pair.auth, "istio_requests_total").count == 1
        }
        let sample = try #require(await Self.samples(pair.auth, "istio_requests_total").first)
        #expect(sample.labels["destination_service"] == "auth.default.svc.cluster.local")
        #expect(sample.labels["response_code"] == "403" && sample.labels["destination_service_name"] == "auth")
        try await pair.stop()
    }
}
