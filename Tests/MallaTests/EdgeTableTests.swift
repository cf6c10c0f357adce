// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import malla

@Suite struct EdgeTableTests {
    private static let source = """
        # TYPE istio_requests_total counter
        istio_requests_total{reporter="source",source_canonical_service="gateway",destination_service_name="user-service",\
        destination_canonical_revision="v1",response_code="200",response_flags="-",request_protocol="grpc",grpc_response_status="0"} 90
        istio_requests_total{reporter="source",source_canonical_service="gateway",destination_service_name="user-service",\
        destination_canonical_revision="v2",response_code="504",response_flags="UT"} 10
        istio_request_duration_milliseconds_bucket{reporter="source",source_canonical_service="gateway",\
        destination_service_name="user-service",le="5"} 50
        istio_request_duration_milliseconds_bucket{reporter="source",source_canonical_service="gateway",\
        destination_service_name="user-service",le="10"} 100
        istio_request_duration_milliseconds_bucket{reporter="source",source_canonical_service="gateway",\
        destination_service_name="user-service",le="+Inf"} 100
        other_total 4
        """
    private static let destination = """
        istio_requests_total{reporter="destination",source_canonical_service="unknown",\
        source_principal="spiffe://cluster.local/ns/default/sa/gateway",destination_service_name="user-service",\
        connection_security_policy="mutual_tls",response_code="200"} 100
        """

    private func table() -> EdgeTable {
        var table = EdgeTable()
        table.add(PrometheusText.parse(Self.source))
        table.add(PrometheusText.parse(Self.destination))
        return table
    }

    @Test func `both sides of an edge are joined`() throws {
        let table = table()
        let edge = try #require(table.edges[MeshEdge(source: "gateway", destination: "user-service")])
        #expect(table.edges.count == 1)
        #expect(edge.requests == 100 && edge.successes == 90)
        #expect(edge.versions == ["v1": 90, "v2": 10])
        #expect(edge.responses["504 UT"] == 10)
        #expect(edge.grpcResponses == ["0": 90])
        #expect(edge.received == 100 && edge.receivedOverMutualTLS == 100)
        #expect(edge.latency.quantile(0.5) == 5)
        #expect(edge.latency.quantile(0.75) == 7.5)
        #expect(table.since(table).edges.values.allSatisfy { $0.requests == 0 })
    }

    @Test func `a denied request belongs to its edge, and is no success`() throws {
        var table = EdgeTable()
        table.add(
            PrometheusText.parse(
                """
                istio_requests_total{reporter="source",source_canonical_service="order",destination_service_name="user",\
                destination_canonical_revision="v1",response_code="403",response_flags="-"} 3
                istio_requests_total{reporter="destination",source_canonical_service="order",destination_service_name="unknown",\
                destination_canonical_service="user",connection_security_policy="mutual_tls",response_code="403"} 3
                istio_requests_total{reporter="source",source_canonical_service="order",destination_service_name="unknown",\
                destination_canonical_service="unknown",response_code="502"} 1
                """))
        let edge = try #require(table.edges[MeshEdge(source: "order", destination: "user")])
        #expect(table.edges.count == 1)
        #expect(edge.requests == 3 && edge.successes == 0 && edge.receivedOverMutualTLS == 3)
    }

    @Test(arguments: ["a{b=\"c} 1", "a{b} 1", "a{b=\"c\"}", "a", "a{b=\"c\\", "", "# x", "a x"])
    func `what is no sample is passed over`(line: String) {
        #expect(PrometheusText.parse(line).isEmpty)
    }

    @Test func `escapes in labels`() {
        let samples = PrometheusText.parse(#"a{b="x\"y\\z\n",c="}"} 2.5 1700000000"#)
        #expect(samples == [PrometheusSample(name: "a", labels: ["b": "x\"y\\z\n", "c": "}"], value: 2.5)])
    }

    @Test func `the view`() {
        let scene = DemoScene(
            heading: "malla demo", traffic: table(), interval: 10,
            steps: [
                .init(
                    title: "canary 90/10", progress: .done([StoryClaim("canary v2 share 9.8 % of 2000", held: true, expected: "")])),
                .init(title: "denied caller"),
            ])
        #expect(
            TerminalView(width: 110, hasColours: false).lines(scene) == [
                " malla demo",
                "",
                " FROM → TO                            REQ/S   SUCCESS       P50       P99  mTLS  VERSIONS",
                " gateway → user-service                10.0    90.0 %    5.0 ms    9.9 ms   yes  v1 90 %  v2 10 %  gRPC",
                "",
                " STORY",
                " 1 canary 90/10            ✓ canary v2 share 9.8 % of 2000",
                " 2 denied caller           ",
                "",
                " 1–2 step   n next   q quit",
            ])
        #expect(
            TerminalView(width: 80, hasColours: false).lines(scene)[2...3] == [
                " FROM → TO                       REQ/S SUCCESS     P50     P99 mTLS  VERSIONS %",
                " gateway → user-service           10.0  90.0 %  5.0 ms  9.9 ms  yes  v1 90 v2 10",
            ])
        #expect(TerminalView(width: 40, hasColours: false).lines(scene).allSatisfy { $0.count <= 40 })
    }

    @Test func `a long claim goes on in the next line`() {
        let claim = StoryClaim("one two three four five six", held: true, expected: "")
        let scene = DemoScene(
            heading: "h", traffic: EdgeTable(), interval: 1, steps: [.init(title: "t", progress: .done([claim]))])
        let lines = TerminalView(width: 45, hasColours: false).lines(scene).filter { $0.contains("✓") || $0.contains("five") }
        #expect(lines == [" 1 t                     ✓ one two three four", "                           five six"])
    }

    @Test(arguments: [4, 8, 9, 10, 11, 12, 13, 14, 24]) func `a screen of few rows is filled and does not scroll`(height: Int)
        throws
    {
        let claim = StoryClaim("one two three four five six", held: true, expected: "")
        let scene = DemoScene(
            heading: "h", traffic: table(), interval: 1,
            steps: [.init(title: "t", progress: .done([claim, claim])), .init(title: "u", progress: .done([claim]))])
        let view = TerminalView(width: 45, height: height, hasColours: false)
        let lines = view.lines(scene)
        #expect(lines.count <= height)
        #expect(lines.last == " 1–2 step   n next   q quit")
        #expect(view.frame(scene).components(separatedBy: "\r\n").count == lines.count)
        // Everything is told where there is room; the newest step loses its second line last.
        #expect(lines.filter { $0.contains("five") }.count == (height >= 11 ? 3 : height >= 8 ? 1 : 0))
    }
}
