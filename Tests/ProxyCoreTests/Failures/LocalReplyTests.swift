// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct LocalReplyTests {
    struct Row: Sendable {
        var failure: RequestFailure
        var status: UInt16
        var flags: String
        var body: String
        var details: String
    }

    static let prefix = "upstream connect error or disconnect/reset before headers. reset reason: "
    static let rows = [
        Row(failure: .noRoute, status: 404, flags: "NR", body: "", details: "route_not_found"),
        Row(failure: .clusterNotFound(status: 503), status: 503, flags: "NC", body: "", details: "cluster_not_found"),
        Row(failure: .noHealthyUpstream, status: 503, flags: "UH", body: "no healthy upstream", details: "no_healthy_upstream"),
        Row(
            failure: .reset(.connectionTermination), status: 503, flags: "UC", body: prefix + "connection termination",
            details: "upstream_reset_before_response_started{connection_termination}"),
        Row(
            failure: .reset(.connectionFailure("TLS_error: bad cert")), status: 503, flags: "UF",
            body: prefix + "remote connection failure, transport failure reason: TLS_error: bad cert",
            details: "upstream_reset_before_response_started{remote_connection_failure|TLS_error:_bad_cert}"),
        Row(
            failure: .reset(.protocolError), status: 502, flags: "UPE", body: prefix + "protocol error",
            details: "upstream_reset_before_response_started{protocol_error}"),
        Row(
            failure: .reset(.overflow), status: 503, flags: "UO", body: prefix + "overflow",
            details: "upstream_reset_before_response_started{overflow}"),
        Row(failure: .responseTimeout, status: 504, flags: "UT", body: "upstream request timeout", details: "response_timeout"),
        Row(
            failure: .perTryTimeout, status: 504, flags: "UT", body: "upstream request timeout",
            details: "upstream_per_try_timeout"),
        Row(
            failure: .accessDenied(policy: nil), status: 403, flags: "-", body: "RBAC: access denied",
            details: "rbac_access_denied_matched_policy[none]"),
        Row(
            failure: .accessDenied(policy: "ns[a]-policy[b]-rule[0]"), status: 403, flags: "-", body: "RBAC: access denied",
            details: "rbac_access_denied_matched_policy[ns[a]-policy[b]-rule[0]]"),
        Row(
            failure: .faultAbort(.http(418)), status: 418, flags: "FI", body: "fault filter abort",
            details: "fault_filter_abort"),
        Row(failure: .invalidPath, status: 400, flags: "-", body: "", details: "path_normalization_failed"),
    ]

    @Test(arguments: rows) func `each failure has Envoy's status, flag, text and details`(row: Row) {
        let reply = LocalReply(row.failure)
        #expect(reply.status == row.status)
        #expect(reply.flags.shortText == row.flags)
        #expect(reply.body == row.body)
        #expect(reply.details == row.details)
    }

    @Test func `overflow says that we are overloaded`() {
        #expect(LocalReply(.reset(.overflow)).headers == [.init(name: "x-envoy-overloaded", value: "true")])
    }

    @Test func `a failure after retries says so`() {
        #expect(
            LocalReply(.reset(.remoteReset), wasRetried: true).body.contains("retried and the latest reset reason: remote reset"))
    }

    @Test func `a gRPC caller gets its status in a header`() {
        let reply = LocalReply(.noHealthyUpstream).grpc
        #expect(reply.status == 200)
        #expect(reply.headers.contains(.init(name: "grpc-status", value: "14")))
        #expect(reply.headers.contains(.init(name: "grpc-message", value: "no healthy upstream")))
        #expect(LocalReply(.accessDenied(policy: nil)).grpc.headers.contains(.init(name: "grpc-status", value: "7")))
    }
}
