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
        .counter("downstream_cx_total") { $0.connections },
        .gauge("downstream_cx_active") { $0.connections &- $0.connectionsEnded },
        .counter("downstream_cx_destroy") { $0.connectionsEnded },
        .counter("downstream_cx_destroy_local") { $0.endedByUs },
        .counter("downstream_cx_destroy_remote") { $0.endedByClient },
        .counter("downstream_cx_destroy_active_rq") { $0.cutByUs &+ $0.cutByClient },
        .counter("downstream_cx_destroy_local_active_rq") { $0.cutByUs },
        .counter("downstream_cx_destroy_remote_active_rq") { $0.cutByClient },
        .counter("downstream_cx_http1_total") { $0.http1Connections },
        .gauge("downstream_cx_http1_active") { $0.http1Connections &- $0.http1ConnectionsEnded },
        .counter("downstream_cx_http2_total") { $0.http2Connections },
        .gauge("downstream_cx_http2_active") { $0.http2Connections &- $0.http2ConnectionsEnded },
        .counter("downstream_cx_ssl_total") { $0.tlsConnections },
        .gauge("downstream_cx_ssl_active") { $0.tlsConnections &- $0.tlsConnectionsEnded },
        .counter("downstream_cx_upgrades_total") { $0.upgrades },
        .gauge("downstream_cx_upgrades_active") { $0.upgrades &- $0.upgradesEnded },
        .counter("downstream_cx_rx_bytes_total") { $0.bytes.received },
        .counter("downstream_cx_tx_bytes_total") { $0.bytes.sent },
        .counter("downstream_cx_idle_timeout") { $0.idleTimeouts },
        .counter("downstream_cx_max_duration_reached") { $0.durationsReached },
        .counter("downstream_cx_max_requests_reached") { $0.requestLimitsReached },
        .counter("downstream_cx_drain_close") { $0.drainCloses },
        .counter("downstream_cx_delayed_close_timeout") { $0.lateCloses },
        .counter("downstream_cx_protocol_error") { $0.protocolErrors },
        .counter("downstream_rq_total") { $0.http1Requests &+ $0.http2Requests },
        .gauge("downstream_rq_active") { $0.http1Requests &+ $0.http2Requests &- $0.requestsEnded },
        .counter("downstream_rq_http1_total") { $0.http1Requests },
        .counter("downstream_rq_http2_total") { $0.http2Requests },
        .counter("downstream_rq_rx_reset") { $0.resets },
        .counter("downstream_rq_tx_reset") { $0.resetsByUs },
        .counter("downstream_rq_timeout") { $0.requestTimeouts },
        .counter("downstream_rq_header_timeout") { $0.headTimeouts },
        .counter("downstream_rq_idle_timeout") { $0.streamIdleTimeouts },
        .counter("downstream_rq_max_duration_reached") { $0.streamDurationsReached },
        .counter("downstream_rq_response_before_rq_complete") { $0.earlyAnswers },
        .counter("downstream_rq_ws_on_non_ws_route") { $0.unknownUpgrades },
        .counter("downstream_rq_failed_path_normalization") { $0.refusedPaths },
    ]

    static let routerColumns: [StatColumn<ManagerStats>] = [
        .counter("rq_total") { $0.routed },
        .counter("no_route") { $0.withoutRoute },
        .counter("no_cluster") { $0.withoutCluster },
        .counter("rq_direct_response") { $0.ownAnswers },
        // As Envoy, which counts redirects among direct responses.
        .counter("rq_redirect") { _ in 0 },
    ]
}
