// SPDX-License-Identifier: Apache-2.0

/// The names under one prefix, in Envoy's words and in Prometheus'.
package struct StatScope: Sendable {
    private let registry: StatRegistry
    private let text: String
    private let metric: String
    private let labels: [StatName.Label]

    private init(_ registry: StatRegistry, text: String, metric: String, labels: [StatName.Label]) {
        self.registry = registry
        self.text = text
        self.metric = metric
        self.labels = labels
    }

    /// Of a connection manager.
    package static func http(_ prefix: String, in registry: StatRegistry) -> StatScope {
        let prefix = StatPrefix.cleaned(prefix)
        return StatScope(
            registry, text: "http.\(prefix).", metric: "envoy_http_",
            labels: [.init(name: "envoy_http_conn_manager_prefix", value: prefix)])
    }

    /// Of a TCP proxy.
    package static func tcp(_ prefix: String, in registry: StatRegistry) -> StatScope {
        let prefix = StatPrefix.cleaned(prefix)
        return StatScope(
            registry, text: "tcp.\(prefix).", metric: "envoy_tcp_", labels: [.init(name: "envoy_tcp_prefix", value: prefix)])
    }

    /// Of a network filter that authorizes.
    package static func connectionRules(_ prefix: String, in registry: StatRegistry) -> StatScope {
        let prefix = StatPrefix.cleaned(prefix)
        return StatScope(
            registry, text: "\(prefix).rbac.", metric: "envoy_rbac_", labels: [.init(name: "envoy_rbac_prefix", value: prefix)])
    }

    package static func localRateLimit(_ prefix: String, in registry: StatRegistry) -> StatScope {
        let prefix = StatPrefix.cleaned(prefix)
        return StatScope(
            registry, text: "\(prefix).http_local_rate_limit.", metric: "envoy_http_local_rate_limit_",
            labels: [.init(name: "envoy_local_http_ratelimit_prefix", value: prefix)])
    }

    /// - Parameter prefix: What the configuration calls it; empty: nothing.
    package func requestRules(_ prefix: String) -> StatScope {
        let prefix = StatPrefix.cleaned(prefix)
        guard !prefix.isEmpty else { return self.filter("rbac") }
        return StatScope(
            self.registry, text: "\(self.text)rbac.\(prefix).", metric: self.metric + "rbac_",
            labels: [.init(name: "envoy_rbac_http_prefix", value: prefix)] + self.labels)
    }

    package func filter(_ name: String) -> StatScope {
        StatScope(self.registry, text: "\(self.text)\(name).", metric: "\(self.metric)\(name)_", labels: self.labels)
    }

    /// A filter that Envoy makes its names for as it goes: without colons.
    package func filterWithoutColons(_ name: String) -> StatScope {
        StatScope(
            self.registry, text: StatPrefix.withoutColons("\(self.text)\(name)."), metric: "\(self.metric)\(name)_",
            labels: self.labels.map { .init(name: $0.name, value: StatPrefix.withoutColons($0.value)) })
    }

    package func cell(_ name: String, _ kind: StatName.Kind = .counter) -> StatCell {
        self.registry.cell(StatName(text: self.text + name, metric: self.metric + name, labels: self.labels, kind: kind))
    }
}
