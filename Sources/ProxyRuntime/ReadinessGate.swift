// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Whether the proxy can take traffic. States have Envoy's names.
package final class ReadinessGate: Sendable {
    package enum State: String, Sendable {
        case live = "LIVE"
        case draining = "DRAINING"
        case preInitializing = "PRE_INITIALIZING"
        case initializing = "INITIALIZING"

        /// As in Envoy's `server.state`.
        package var number: Int {
            switch self {
            case .live: 0
            case .draining: 1
            case .preInitializing: 2
            case .initializing: 3
            }
        }
    }

    private struct Facts {
        var needsCertificate: Bool
        var needsConfiguration: Bool
        var hasCertificate = false
        var hasConfiguration = false
        var isDraining = false
        var isFailed = false
    }

    private let facts: Mutex<Facts>

    package init(needsCertificate: Bool, needsConfiguration: Bool) {
        self.facts = Mutex(Facts(needsCertificate: needsCertificate, needsConfiguration: needsConfiguration))
    }

    package var state: State {
        self.facts.withLock { facts in
            if facts.isDraining || facts.isFailed { return .draining }
            if facts.needsCertificate, !facts.hasCertificate { return .preInitializing }
            if facts.needsConfiguration, !facts.hasConfiguration { return .initializing }
            return .live
        }
    }

    package func certificateInstalled() { self.facts.withLock { $0.hasCertificate = true } }

    /// Clusters and listeners are in effect and the listeners are bound.
    package func configurationApplied() { self.facts.withLock { $0.hasConfiguration = true } }

    package func drainStarted() { self.facts.withLock { $0.isDraining = true } }

    /// Said by an operator: probes fail until it is taken back (`/healthcheck/fail`, `/healthcheck/ok`).
    package func healthCheckFails(_ fails: Bool) { self.facts.withLock { $0.isFailed = fails } }
}
