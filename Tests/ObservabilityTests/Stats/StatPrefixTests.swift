// SPDX-License-Identifier: Apache-2.0
import Observability
import Testing

@Suite struct StatPrefixTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var prefix: StatPrefix
        var field: String
        var text: String
        var metric: String

        var testDescription: String { self.text }
    }

    /// As a stock Envoy 1.40 says them.
    static let rows: [Row] = [
        Row(
            prefix: .manager("in:gress"), field: "downstream_rq_2xx", text: "http.in_gress.downstream_rq_2xx",
            metric: "envoy_http_downstream_rq_xx{envoy_response_code_class=2,envoy_http_conn_manager_prefix=in_gress}"),
        Row(
            prefix: .manager("a."), field: "downstream_cx_http2_active", text: "http.a.downstream_cx_http2_active",
            metric: "envoy_http_downstream_cx_http2_active{envoy_http_conn_manager_prefix=a}"),
        Row(
            prefix: .router("in:gress"), field: "no_route", text: "http.in:gress.no_route",
            metric: "envoy_http_no_route{envoy_http_conn_manager_prefix=in:gress}"),
        Row(
            prefix: .listener("[::1]:80"), field: "downstream_cx_total", text: "listener.[__1]_80.downstream_cx_total",
            metric: "envoy_listener_downstream_cx_total{envoy_listener_address=[__1]_80}"),
        Row(
            prefix: .listener("a", worker: 2), field: "downstream_cx_active", text: "listener.a.worker_2.downstream_cx_active",
            metric: "envoy_listener_worker_downstream_cx_active{envoy_worker_id=2,envoy_listener_address=a}"),
        Row(
            prefix: .listener("a:1", manager: "m"), field: "downstream_rq_completed",
            text: "listener.a_1.http.m.downstream_rq_completed",
            metric: "envoy_listener_http_downstream_rq_completed{envoy_http_conn_manager_prefix=m,envoy_listener_address=a_1}"),
        Row(
            prefix: .listener("a"), field: "ssl.versions.TLSv1.3", text: "listener.a.ssl.versions.TLSv1.3",
            metric: "envoy_listener_ssl_versions{envoy_ssl_version=TLSv1.3,envoy_listener_address=a}"),
        Row(
            prefix: .cluster("outbound|80||a"), field: "upstream_rq_503", text: "cluster.outbound|80||a.upstream_rq_503",
            metric: "envoy_cluster_upstream_rq{envoy_response_code=503,envoy_cluster_name=outbound|80||a}"),
        Row(
            prefix: .cluster("a:b"), field: "circuit_breakers.default.cx_open",
            text: "cluster.a_b.circuit_breakers.default.cx_open",
            metric: "envoy_cluster_circuit_breakers_default_cx_open{envoy_cluster_name=a_b}"),
        Row(
            prefix: .listenerManager, field: "listener_added", text: "listener_manager.listener_added",
            metric: "envoy_listener_manager_listener_added{}"),
    ]

    @Test(arguments: rows) func `names are Envoy's`(row: Row) {
        let name = row.prefix.name(row.field, .counter)
        #expect(name.text == row.text)
        let labels = name.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        #expect("\(name.metric){\(labels)}" == row.metric)
    }

    @Test func `what loops count is added up, what they all know is taken once`() {
        let fields = [StatField("total"), StatField("members", .gauge, .largest)]
        let blocks = [
            StatBlock(.cluster("a"), fields, [3, 2]), StatBlock(.cluster("b"), fields, [1, 1]),
            StatBlock(.cluster("a"), [StatField("upstream_rq_200")], [7]), StatBlock(.cluster("a"), fields, [4, 2]),
        ]
        let values = Dictionary(uniqueKeysWithValues: blocks.merged().map { ($0.name.text, $0.value) })
        #expect(
            values == [
                "cluster.a.total": 7, "cluster.a.members": 2, "cluster.b.total": 1, "cluster.b.members": 1,
                "cluster.a.upstream_rq_200": 7,
            ])
    }
}
