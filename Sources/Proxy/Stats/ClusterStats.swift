// SPDX-License-Identifier: Apache-2.0
import Observability

/// What one event loop counts of a cluster.
final class ClusterStats: StatGroup {
    let bytes = ByteCounts()
    let tls = TLSStats()

    // Connections.
    var connections = 0
    var http1Connections = 0
    var http2Connections = 0
    var endedByUs = 0
    var endedByEndpoint = 0
    /// While a request was under way.
    var cutByUs = 0
    var cutByEndpoint = 0
    var connectFailures = 0
    var connectTimeouts = 0
    /// Of TCP proxies: no more attempts.
    var connectAttemptsExceeded = 0
    var connectionOverflows = 0
    var withoutEndpoint = 0
    var idleTimeouts = 0
    var durationsReached = 0
    var requestLimitsReached = 0
    /// The endpoint said that it would close.
    var closeNotices = 0
    var protocolErrors = 0

    // Requests.
    var requests = 0
    var requestsEnded = 0
    var requestOverflows = 0
    var waits = 0
    var waitsEnded = 0
    var waitOverflows = 0
    var waitsFailed = 0
    var waitsCancelled = 0
    var timeouts = 0
    var tryTimeouts = 0
    var tryIdleTimeouts = 0
    var streamDurationsReached = 0
    var resetsByEndpoint = 0
    var resetsByUs = 0
    var retries = 0
    var retriesSuccessful = 0
    var retryOverflows = 0
    var retryLimitsReached = 0
    var membershipChanges = 0
    /// Endpoints that were chosen whatever their health.
    var panics = 0
    private var answers = StatusCounts()
    private var retriedAnswers = StatusCounts()

    /// An answer for the client, from an endpoint or in its place.
    func answered(_ status: UInt16) { self.answers.add(status) }

    /// An answer that led to another attempt.
    func retried(_ status: UInt16) { self.retriedAnswers.add(status) }

    func connectionEnded(byEndpoint: Bool, isCut: Bool) {
        if byEndpoint {
            self.endedByEndpoint &+= 1
            if isCut { self.cutByEndpoint &+= 1 }
        } else {
            self.endedByUs &+= 1
            if isCut { self.cutByUs &+= 1 }
        }
    }

    /// A connection that never was one.
    func connectFailed(_ failure: UpstreamFailure) {
        self.connectFailures &+= 1
        if case .connectTimeout = failure { self.connectTimeouts &+= 1 }
        self.connectionEnded(byEndpoint: failure != .connectTimeout, isCut: false)
    }

    static let columns: [StatColumn<ClusterStats>] = [
        .counter("upstream_cx_total") { $0.connections },
        .gauge("upstream_cx_active") { $0.connections &- $0.endedByUs &- $0.endedByEndpoint },
        .counter("upstream_cx_http1_total") { $0.http1Connections },
        .counter("upstream_cx_http2_total") { $0.http2Connections },
        .counter("upstream_cx_destroy") { $0.endedByUs &+ $0.endedByEndpoint },
        .counter("upstream_cx_destroy_local") { $0.endedByUs },
        .counter("upstream_cx_destroy_remote") { $0.endedByEndpoint },
        .counter("upstream_cx_destroy_with_active_rq") { $0.cutByUs &+ $0.cutByEndpoint },
        .counter("upstream_cx_destroy_local_with_active_rq") { $0.cutByUs },
        .counter("upstream_cx_destroy_remote_with_active_rq") { $0.cutByEndpoint },
        .counter("upstream_cx_connect_fail") { $0.connectFailures },
        .counter("upstream_cx_connect_timeout") { $0.connectTimeouts },
        .counter("upstream_cx_connect_attempts_exceeded") { $0.connectAttemptsExceeded },
        .counter("upstream_cx_overflow") { $0.connectionOverflows },
        .counter("upstream_cx_none_healthy") { $0.withoutEndpoint },
        .counter("upstream_cx_idle_timeout") { $0.idleTimeouts },
        .counter("upstream_cx_max_duration_reached") { $0.durationsReached },
        .counter("upstream_cx_max_requests") { $0.requestLimitsReached },
        .counter("upstream_cx_close_notify") { $0.closeNotices },
        .counter("upstream_cx_protocol_error") { $0.protocolErrors },
        .counter("upstream_cx_rx_bytes_total") { $0.bytes.received },
        .counter("upstream_cx_tx_bytes_total") { $0.bytes.sent },
        .counter("upstream_rq_total") { $0.requests },
        .gauge("upstream_rq_active") { $0.requests &- $0.requestsEnded },
        .counter("upstream_rq_active_overflow") { $0.requestOverflows },
        .counter("upstream_rq_pending_total") { $0.waits },
        .gauge("upstream_rq_pending_active") { $0.waits &- $0.waitsEnded },
        .counter("upstream_rq_pending_overflow") { $0.waitOverflows },
        .counter("upstream_rq_pending_failure_eject") { $0.waitsFailed },
        .counter("upstream_rq_cancelled") { $0.waitsCancelled },
        .counter("upstream_rq_timeout") { $0.timeouts },
        .counter("upstream_rq_per_try_timeout") { $0.tryTimeouts },
        .counter("upstream_rq_per_try_idle_timeout") { $0.tryIdleTimeouts },
        .counter("upstream_rq_max_duration_reached") { $0.streamDurationsReached },
        .counter("upstream_rq_rx_reset") { $0.resetsByEndpoint },
        .counter("upstream_rq_tx_reset") { $0.resetsByUs },
        .counter("upstream_rq_retry") { $0.retries },
        .counter("upstream_rq_retry_backoff_exponential") { $0.retries },
        .counter("upstream_rq_retry_success") { $0.retriesSuccessful },
        .counter("upstream_rq_retry_overflow") { $0.retryOverflows },
        .counter("upstream_rq_retry_limit_exceeded") { $0.retryLimitsReached },
        .counter("lb_healthy_panic") { $0.panics },
        .common("membership_change", .counter) { $0.membershipChanges },
    ]

    func blocks(_ prefix: StatPrefix, speaksTLS: Bool) -> [StatBlock] {
        var blocks = [self.block(prefix)]
        // As Envoy, which tells answers to callers outside from those inside; here all are outside.
        blocks += self.answers.blocks(prefix, "")
        blocks += self.answers.blocks(prefix, "external.")
        blocks += self.retriedAnswers.blocks(prefix, "retry.")
        if speaksTLS { blocks += self.tls.blocks(prefix) }
        return blocks
    }
}
