// SPDX-License-Identifier: Apache-2.0

/// A metric we emit: name, kind and help text in one place (docs/metrics.md lists them).
package struct MetricName: Sendable, Hashable {
    package enum Kind: String, Sendable { case counter, gauge, histogram }

    package let name: String
    package let kind: Kind
    package let help: String

    package init(_ name: String, _ kind: Kind, help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }
}

extension MetricName {
    package static let requestsTotal = MetricName(
        "istio_requests_total", .counter, help: "Requests handled by this proxy")
    package static let requestDuration = MetricName(
        "istio_request_duration_milliseconds", .histogram, help: "Duration of requests in milliseconds")
    package static let requestBytes = MetricName(
        "istio_request_bytes", .histogram, help: "Size of request bodies in bytes")
    package static let responseBytes = MetricName(
        "istio_response_bytes", .histogram, help: "Size of response bodies in bytes")
    package static let requestMessages = MetricName(
        "istio_request_messages_total", .counter, help: "gRPC messages sent by clients")
    package static let responseMessages = MetricName(
        "istio_response_messages_total", .counter, help: "gRPC messages sent by servers")
    package static let tcpSentBytes = MetricName(
        "istio_tcp_sent_bytes_total", .counter, help: "Bytes sent in responses of TCP connections")
    package static let tcpReceivedBytes = MetricName(
        "istio_tcp_received_bytes_total", .counter, help: "Bytes received in requests of TCP connections")
    package static let tcpOpened = MetricName(
        "istio_tcp_connections_opened_total", .counter, help: "TCP connections opened")
    package static let tcpClosed = MetricName(
        "istio_tcp_connections_closed_total", .counter, help: "TCP connections closed")
    package static let build = MetricName(
        "istio_build", .gauge, help: "Version of this proxy")
    package static let serverLive = MetricName(
        "envoy_server_live", .gauge, help: "1 when the proxy is ready")
    package static let serverUptime = MetricName(
        "envoy_server_uptime", .gauge, help: "Seconds since the start of the proxy")
    package static let certificateExpiry = MetricName(
        "envoy_server_days_until_first_cert_expiring", .gauge, help: "Days until the first certificate expires")
    package static let certificateRenewals = MetricName(
        "malla_certificate_renewals_total", .counter, help: "Certificates obtained")
    package static let certificateRenewalFailures = MetricName(
        "malla_certificate_renewal_failures_total", .counter, help: "Attempts to obtain a certificate that failed")
    package static let controlPlaneConnected = MetricName(
        "envoy_control_plane_connected_state", .gauge, help: "1 while the xDS stream is open")
    package static let updatesAccepted = MetricName(
        "malla_xds_updates_accepted_total", .counter, help: "xDS updates accepted")
    package static let updatesRejected = MetricName(
        "malla_xds_updates_rejected_total", .counter, help: "xDS updates rejected")
    package static let accessLogDropped = MetricName(
        "malla_access_log_dropped_total", .counter, help: "Access log lines given up because the disk did not keep up")
}
