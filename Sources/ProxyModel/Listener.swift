// SPDX-License-Identifier: Apache-2.0

/// An address that is listened on, and what is done with connections to it.
package struct Listener: Sendable, Hashable {
    package var name: String
    package var address: ProxySocketAddress
    /// The first match by Envoy's order of specificity is taken; none: the connection is closed.
    package var filterChains: [FilterChain]
    package var defaultFilterChain: FilterChain?
    /// They look at a connection before its chain is chosen, in this order.
    package var listenerFilters: [ListenerFilter]
    /// How long they may take; nil waits for ever.
    package var inspectionTimeout: Duration?
    /// Goes on with what is known when the time is over, instead of closing.
    package var continuesOnInspectionTimeout: Bool
    /// Connections whose original destination another listener has are that listener's.
    package var handsOverRedirected: Bool
    /// Listens itself; else it gets only what another listener hands over.
    package var bindsToPort: Bool
    /// On an address of IPv6: connections of IPv4 are taken too.
    package var takesIPv4 = false
    /// Permissions of a Unix socket; nil: as the system makes it.
    package var socketMode: UInt32?
    package var telemetry: TelemetryScope
    /// Bytes that one connection may hold before reading stops; nil: 1 MiB.
    package var bufferLimit: Int?
    /// Of connections, a line for each when it has ended.
    package var accessLogs: [AccessLogConfiguration]
    /// What it is called in statistics; nil: its address.
    package var statPrefix: String?

    package init(
        name: String, address: ProxySocketAddress, filterChains: [FilterChain], defaultFilterChain: FilterChain? = nil,
        listenerFilters: [ListenerFilter] = [], inspectionTimeout: Duration? = .seconds(15),
        continuesOnInspectionTimeout: Bool = false,
        handsOverRedirected: Bool = false, bindsToPort: Bool = true, socketMode: UInt32? = nil,
        telemetry: TelemetryScope = TelemetryScope(), bufferLimit: Int? = nil, accessLogs: [AccessLogConfiguration] = [],
        statPrefix: String? = nil
    ) {
        self.name = name
        self.address = address
        self.filterChains = filterChains
        self.defaultFilterChain = defaultFilterChain
        self.listenerFilters = listenerFilters
        self.inspectionTimeout = inspectionTimeout
        self.continuesOnInspectionTimeout = continuesOnInspectionTimeout
        self.handsOverRedirected = handsOverRedirected
        self.bindsToPort = bindsToPort
        self.socketMode = socketMode
        self.telemetry = telemetry
        self.bufferLimit = bufferLimit
        self.accessLogs = accessLogs
        self.statPrefix = statPrefix
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
