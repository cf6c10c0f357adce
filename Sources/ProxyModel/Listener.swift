// SPDX-License-Identifier: Apache-2.0

/// An address that is listened on, and what is done with connections to it.
package struct Listener: Sendable, Hashable {
    package var name: String
    package var address: ProxySocketAddress
    /// The first match by Envoy's order of specificity is taken; none: the connection is closed.
    package var filterChains: [FilterChain]
    package var defaultFilterChain: FilterChain?
    /// Looks at the first bytes for TLS, its server name and its protocols before a chain is chosen.
    package var inspectsTLS: Bool
    /// How long the inspection may take; nil waits for ever.
    package var inspectionTimeout: Duration?
    /// Goes on with what is known when the time is over, instead of closing.
    package var continuesOnInspectionTimeout: Bool
    package var telemetry: TelemetryScope
    /// Bytes that one connection may hold before reading stops; nil: 1 MiB.
    package var bufferLimit: Int?

    package init(
        name: String, address: ProxySocketAddress, filterChains: [FilterChain], defaultFilterChain: FilterChain? = nil,
        inspectsTLS: Bool = false, inspectionTimeout: Duration? = .seconds(15), continuesOnInspectionTimeout: Bool = false,
        telemetry: TelemetryScope = TelemetryScope(), bufferLimit: Int? = nil
    ) {
        self.name = name
        self.address = address
        self.filterChains = filterChains
        self.defaultFilterChain = defaultFilterChain
        self.inspectsTLS = inspectsTLS
        self.inspectionTimeout = inspectionTimeout
        self.continuesOnInspectionTimeout = continuesOnInspectionTimeout
        self.telemetry = telemetry
        self.bufferLimit = bufferLimit
    }
}

/// On which side of a call a listener stands, for Istio's metrics (`malla.telemetry` metadata).
package struct TelemetryScope: Sendable, Hashable {
    package enum Reporter: String, Sendable, Hashable { case source, destination }

    /// Nil: no Istio metrics.
    package var reporter: Reporter?
    /// Istio's names (`REQUEST_COUNT`, …) of metrics that are switched off; `ALL_METRICS` for all.
    package var disabledMetrics: Set<String>

    package init(reporter: Reporter? = nil, disabledMetrics: Set<String> = []) {
        self.reporter = reporter
        self.disabledMetrics = disabledMetrics
    }
}
