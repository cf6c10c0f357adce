// SPDX-License-Identifier: Apache-2.0

/// What connection managers of one prefix count.
final class ManagerStats: StatGroup {
    let bytes = ByteCounts()

    // Connections.
    var connections = 0
    var connectionsEnded = 0
    var endedByUs = 0
    var endedByClient = 0
    /// While a request was under way.
    var cutByUs = 0
    var cutByClient = 0
    var http1Connections = 0
    var http1ConnectionsEnded = 0
    var http2Connections = 0
    var http2ConnectionsEnded = 0
    var tlsConnections = 0
    var tlsConnectionsEnded = 0
    var upgrades = 0
    var upgradesEnded = 0
    var idleTimeouts = 0
    var durationsReached = 0
    var requestLimitsReached = 0
    var drainCloses = 0
    /// The client did not close after the last answer.
    var lateCloses = 0
    var protocolErrors = 0

    // Requests.
    var http1Requests = 0
    var http2Requests = 0
    var requestsEnded = 0
    /// By either side, or answered before they were complete: so Envoy counts.
    var resets = 0
    var resetsByUs = 0
    var requestTimeouts = 0
    var headTimeouts = 0
    var streamIdleTimeouts = 0
    var streamDurationsReached = 0
    var earlyAnswers = 0
    var unknownUpgrades = 0
    var refusedPaths = 0

    // Routers.
    var routed = 0
    var withoutRoute = 0
    var withoutCluster = 0
    var ownAnswers = 0

    static let columns: [StatColumn<ManagerStats>] = [
        .counter("downstream_cx_total", \.connections),
        .gauge("downstream_cx_active") { $0.connections &- $0.connectionsEnded },
        .counter("downstream_cx_destroy", \.connectionsEnded),
        .counter("downstream_cx_destroy_local", \.endedByUs),
        .counter("downstream_cx_destroy_remote", \.endedByClient),
        .counter("downstream_cx_destroy_active_rq") { $0.cutByUs &+ $0.cutByClient },
        .counter("downstream_cx_destroy_local_active_rq", \.cutByUs),
        .counter("downstream_cx_destroy_remote_active_rq", \.cutByClient),
        .counter("downstream_cx_http1_total", \.http1Connections),
        .gauge("downstream_cx_http1_active") { $0.http1Connections &- $0.http1ConnectionsEnded },
        .counter("downstream_cx_http2_total", \.http2Connections),
        .gauge("downstream_cx_http2_active") { $0.http2Connections &- $0.http2ConnectionsEnded },
        .counter("downstream_cx_ssl_total", \.tlsConnections),
        .gauge("downstream_cx_ssl_active") { $0.tlsConnections &- $0.tlsConnectionsEnded },
        .counter("downstream_cx_upgrades_total", \.upgrades),
        .gauge("downstream_cx_upgrades_active") { $0.upgrades &- $0.upgradesEnded },
        .counter("downstream_cx_rx_bytes_total", \.bytes.received),
        .counter("downstream_cx_tx_bytes_total", \.bytes.sent),
        .counter("downstream_cx_idle_timeout", \.idleTimeouts),
        .counter("downstream_cx_max_duration_reached", \.durationsReached),
        .counter("downstream_cx_max_requests_reached", \.requestLimitsReached),
        .counter("downstream_cx_drain_close", \.drainCloses),
        .counter("downstream_cx_delayed_close_timeout", \.lateCloses),
        .counter("downstream_cx_protocol_error", \.protocolErrors),
        .counter("downstream_rq_total") { $0.http1Requests &+ $0.http2Requests },
        .gauge("downstream_rq_active") { $0.http1Requests &+ $0.http2Requests &- $0.requestsEnded },
        .counter("downstream_rq_http1_total", \.http1Requests),
        .counter("downstream_rq_http2_total", \.http2Requests),
        .counter("downstream_rq_rx_reset", \.resets),
        .counter("downstream_rq_tx_reset", \.resetsByUs),
        .counter("downstream_rq_timeout", \.requestTimeouts),
        .counter("downstream_rq_header_timeout", \.headTimeouts),
        .counter("downstream_rq_idle_timeout", \.streamIdleTimeouts),
        .counter("downstream_rq_max_duration_reached", \.streamDurationsReached),
        .counter("downstream_rq_response_before_rq_complete", \.earlyAnswers),
        .counter("downstream_rq_ws_on_non_ws_route", \.unknownUpgrades),
        .counter("downstream_rq_failed_path_normalization", \.refusedPaths),
    ]

    static let routerColumns: [StatColumn<ManagerStats>] = [
        .counter("rq_total", \.routed),
        .counter("no_route", \.withoutRoute),
        .counter("no_cluster", \.withoutCluster),
        .counter("rq_direct_response", \.ownAnswers),
        // As Envoy, which counts redirects among direct responses.
        .counter("rq_redirect") { _ in 0 },
    ]
}
