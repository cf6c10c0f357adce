// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Observability

@Suite struct PrometheusTextTests {
    private func shard() -> (TelemetryShard, StreamContext) {
        let shard = TelemetryShard()
        var source = PeerLabels(endpointText: "frontend;default;frontend;v1;Kubernetes")
        source.principal = "spiffe://cluster.local/ns/default/sa/frontend"
        let context = StreamContext(
            reporter: .destination, source: shard.peer(source),
            destination: shard.peer(PeerLabels(endpointText: "auth-v1;default;auth;v1;Kubernetes")),
            service: shard.service(ServiceLabels(host: "auth.default.svc.cluster.local", name: "auth", namespace: "default")),
            isMutualTLS: true)
        return (shard, context)
    }

    private func exposition(_ shards: TelemetryShard...) -> String {
        var all = MetricSnapshot()
        for shard in shards { all.merge(shard.snapshot()) }
        var text = PrometheusText()
        all.write(to: &text)
        return text.text
    }

    @Test func `requests of two loops become one series with Istio's labels in order`() {
        let (first, context) = self.shard()
        let (second, other) = self.shard()
        var entry = RequestSummary(startTime: 0, wireProtocol: .http11)
        entry.responseCode = 200
        entry.duration = 7_000_000
        entry.responseBytes = 300
        first.requestEnded(entry, context: context)
        first.requestEnded(entry, context: context)
        second.requestEnded(entry, context: other)
        let text = self.exposition(first, second)
        let labels = """
            reporter="destination",source_workload="frontend",source_canonical_service="frontend",source_canonical_revision="v1",\
            source_workload_namespace="default",source_principal="spiffe://cluster.local/ns/default/sa/frontend",\
            source_app="frontend",source_version="v1",source_cluster="Kubernetes",destination_workload="auth-v1",\
            destination_workload_namespace="default",destination_principal="unknown",destination_app="auth",\
            destination_version="v1",destination_service="auth.default.svc.cluster.local",destination_canonical_service="auth",\
            destination_canonical_revision="v1",destination_service_name="auth",destination_service_namespace="default",\
            destination_cluster="Kubernetes",request_protocol="http",response_code="200",grpc_response_status="",\
            response_flags="-",connection_security_policy="mutual_tls"
            """
        #expect(text.contains("# TYPE istio_requests_total counter\nistio_requests_total{\(labels)} 3\n"))
        #expect(text.contains("istio_request_duration_milliseconds_bucket{\(labels),le=\"5\"} 0\n"))
        #expect(text.contains("istio_request_duration_milliseconds_bucket{\(labels),le=\"10\"} 3\n"))
        #expect(text.contains("istio_request_duration_milliseconds_sum{\(labels)} 21\n"))
        #expect(text.contains("istio_response_bytes_count{\(labels)} 3\n"))
        #expect(LabelName.istioHTTP.count == 25)
    }

    @Test func `connections have the labels of TCP`() {
        let (shard, context) = self.shard()
        shard.connectionOpened(context: context)
        shard.connectionTransferred(context: context, sent: 10, received: 4)
        shard.connectionClosed(context: context, flags: [])
        let text = self.exposition(shard)
        #expect(text.contains("istio_tcp_connections_opened_total{reporter=\"destination\","))
        #expect(text.contains("request_protocol=\"tcp\",response_flags=\"-\",connection_security_policy=\"mutual_tls\"} 10\n"))
        #expect(!text.contains("response_code"))
    }

    @Test func `values are escaped and numbers are short`() {
        var text = PrometheusText()
        text.single(MetricName("m", .gauge, help: "a\\b"), 1.5, labels: [("l", "q\"\\\n")])
        #expect(text.text == "# HELP m a\\\\b\n# TYPE m gauge\nm{l=\"q\\\"\\\\\\n\"} 1.5\n")
        #expect(PrometheusText.number(3_600_000) == "3600000" && PrometheusText.number(.infinity) == "+Inf")
    }

    @Test func `buckets include their bound`() {
        #expect(HistogramBuckets.index(of: 0.5) == 0)
        #expect(HistogramBuckets.index(of: 0.6) == 1)
        #expect(HistogramBuckets.index(of: 3_600_001) == HistogramBuckets.bounds.count)
    }

    @Test func `too many peers are counted as unknown`() {
        let shard = TelemetryShard()
        var labels = PeerLabels()
        for number in 0..<(TelemetryShard.maximumLabels + 10) {
            labels.workload = "w\(number)"
            _ = shard.peer(labels)
        }
        #expect(shard.peer(labels) == .unknown)
    }

    @Test func `flags have Envoy's names`() {
        var flags: ResponseFlags = []
        #expect(flags.shortText == "-")
        flags.insert(.upstreamOverflow)
        flags.insert(.noHealthyUpstream)
        #expect(flags.shortText == "UH,UO" && flags.longText == "NoHealthyUpstream,UpstreamOverflow")
    }
}
