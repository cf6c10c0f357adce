// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Whether the proxy can take traffic. States have Envoy's names.
package final class ReadinessGate: Sendable {
    package enum State: String, Sendable {
        case live = "LIVE"
        case draining = "DRAINING"
        case preInitializing = "PRE_INITIALIZING"
        case initializing = "INITIALIZING"
    }

    private struct Facts {
        var needsCertificate: Bool
        var needsConfiguration: Bool
        var hasCertificate = false
        var hasConfiguration = false
        var isDraining = false
    }

    private let facts: Mutex<Facts>

    package init(needsCertificate: Bool, needsConfiguration: Bool) {
        self.facts = Mutex(Facts(needsCertificate: needsCertificate, needsConfiguration: needsConfiguration))
    }

    package var state: State {
        self.facts.withLock { facts in
            if facts.isDraining { return .draining }
            if facts.needsCertificate, !facts.hasCertificate { return .preInitializing }
            if facts.needsConfiguration, !facts.hasConfiguration { return .initializing }
            return .live
        }
    }

    package func certificateInstalled() { self.facts.withLock { $0.hasCertificate = true } }

    /// Clusters and listeners are in effect and the listeners are bound.
    package func configurationApplied() { self.facts.withLock { $0.hasConfiguration = true } }

    package func drainStarted() { self.facts.withLock { $0.isDraining = true } }
}
