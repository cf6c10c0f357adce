// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyModel

extension LocalReply {
    /// - Parameter wasRetried: the failure is that of a retry.
    package init(_ failure: RequestFailure, wasRetried: Bool = false) {
        switch failure {
        case .noRoute:
            self.init(status: 404, flags: ResponseFlags(.noRouteFound), details: "route_not_found")
        case .clusterNotFound(let status):
            self.init(status: status, flags: ResponseFlags(.noClusterFound), details: "cluster_not_found")
        case .noHealthyUpstream:
            self.init(
                status: 503, body: "no healthy upstream", flags: ResponseFlags(.noHealthyUpstream), details: "no_healthy_upstream")
        case .reset(let reset):
            self.init(reset, wasRetried: wasRetried)
        case .responseTimeout:
            self.init(timeout: "response_timeout")
        case .perTryTimeout:
            self.init(timeout: "upstream_per_try_timeout")
        case .perTryIdleTimeout:
            self.init(timeout: "upstream_per_try_idle_timeout")
        case .upstreamMaxDuration:
            self.init(
                status: 408, body: "upstream max stream duration reached", flags: ResponseFlags(.upstreamMaxStreamDurationReached),
                details: "upstream_max_stream_duration_reached")
        case .streamIdleTimeout(let complete):
            self.init(
                status: complete ? 504 : 408, body: "stream timeout", flags: ResponseFlags(.streamIdleTimeout),
                details: "stream_idle_timeout")
        case .requestTimeout(let complete):
            self.init(status: complete ? 504 : 408, body: "request timeout", details: "request_overall_timeout")
        case .requestHeaderTimeout:
            self.init(status: 408, body: "request header timeout", details: "request_header_timeout")
        case .downstreamMaxDuration(let complete):
            self.init(
                status: complete ? 504 : 408, body: "downstream duration timeout", flags: ResponseFlags(.durationTimeout),
                details: "max_duration_timeout")
            self.grpcStatus = GRPCStatus.deadlineExceeded
        case .downstreamDisconnect:
            // Nobody is there to read it: access logs show status 0.
            self.init(status: 0, flags: ResponseFlags(.downstreamConnectionTermination), details: "downstream_remote_disconnect")
        case .accessDenied(let policy):
            self.init(
                status: 403, body: "RBAC: access denied",
                details: "rbac_access_denied_matched_policy[\(Self.word(policy ?? "none"))]")
        case .faultAbort(let status):
            self.init(abort: status)
        case .rateLimited(let status, let isResourceExhausted):
            self.init(
                status: status, body: "local_rate_limited", flags: ResponseFlags(.rateLimited), details: "local_rate_limited")
            if isResourceExhausted { self.grpcStatus = GRPCStatus.resourceExhausted }
        case .invalidPath:
            self.init(status: 400, details: "path_normalization_failed")
        case .escapedSlashes(let path):
            self.init(
                status: 307, details: "path_normalization_failed", headers: [Header(name: "location", value: path)])
        case .underscoreInName:
            self.init(
                status: 400, body: "Bad Request", flags: ResponseFlags(.downstreamProtocolError),
                details: "http1.unexpected_underscore")
        case .missingHost:
            self.init(status: 400, details: "missing_host_header")
        case .payloadTooLarge:
            self.init(status: 413, body: "Payload Too Large", details: "request_payload_too_large")
        case .upgradeRefused:
            self.init(status: 403, details: "upgrade_failed")
        case .badRequest(let status, let details):
            self.init(status: status, flags: ResponseFlags(.downstreamProtocolError), details: details)
        }
    }

    private init(timeout details: String) {
        self.init(
            status: 504, body: "upstream request timeout", flags: ResponseFlags(.upstreamRequestTimeout), details: details)
    }

    private init(_ reset: RequestFailure.Reset, wasRetried: Bool) {
        let transport = reset.transportFailure
        self.init(
            status: reset == .protocolError ? 502 : 503,
            body: "upstream connect error or disconnect/reset before headers. \(wasRetried ? "retried and the latest " : "")"
                + "reset reason: \(reset.reason)" + (transport.map { ", transport failure reason: \($0)" } ?? ""),
            flags: ResponseFlags(reset.flag),
            details: "upstream_reset_before_response_started{\(Self.word(reset.reason))"
                + (transport.map { "|\(Self.word($0))" } ?? "") + "}",
            headers: reset == .overflow ? [Header(name: "x-envoy-overloaded", value: "true")] : [])
    }

    private init(abort status: FaultPolicy.Abort.Status) {
        self.init(status: 200, body: "fault filter abort", flags: ResponseFlags(.faultInjected), details: "fault_filter_abort")
        switch status {
        case .http(let code): self.status = code
        case .grpc(let code):
            self.body = ""
            self.headers = [
                Header(name: "content-type", value: "application/grpc"), Header(name: "grpc-status", value: String(code)),
                Header(name: "grpc-message", value: "fault filter abort"),
            ]
        }
    }

    /// Details hold no blanks, so that logs stay columns.
    private static func word(_ text: String) -> String {
        String(text.map { $0.isWhitespace ? "_" : $0 })
    }
}
