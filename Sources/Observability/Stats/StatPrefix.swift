// SPDX-License-Identifier: Apache-2.0

/// How the names of a group of numbers begin, in Envoy's words and in Prometheus'.
package struct StatPrefix: Sendable, Hashable {
    /// `http.ingress.`
    package let text: String
    private let metric: String
    private let labels: [StatName.Label]

    private init(_ text: String, _ metric: String, _ labels: [StatName.Label] = []) {
        self.text = text
        self.metric = metric
        self.labels = labels
    }

    /// What a connection manager counts itself.
    package static func manager(_ prefix: String) -> StatPrefix {
        let prefix = Self.withoutColons(Self.cleaned(prefix))
        return StatPrefix("http.\(prefix).", "envoy_http_", [Self.manager(label: prefix)])
    }

    /// What its router counts: as Envoy, under the prefix as it was written.
    package static func router(_ prefix: String) -> StatPrefix {
        let prefix = Self.cleaned(prefix)
        return StatPrefix("http.\(prefix).", "envoy_http_", [Self.manager(label: prefix)])
    }

    /// - Parameter place: The address, or what the configuration calls the listener in statistics.
    package static func listener(_ place: String) -> StatPrefix {
        let place = Self.withoutColons(place)
        return StatPrefix("listener.\(place).", "envoy_listener_", [Self.listener(label: place)])
    }

    /// What one event loop counts of a listener.
    package static func listener(_ place: String, worker: Int) -> StatPrefix {
        let place = Self.withoutColons(place)
        return StatPrefix(
            "listener.\(place).worker_\(worker).", "envoy_listener_worker_",
            [.init(name: "envoy_worker_id", value: String(worker)), Self.listener(label: place)])
    }

    /// The answers of a connection manager to those who came through one listener.
    package static func listener(_ place: String, manager: String) -> StatPrefix {
        let (place, manager) = (Self.withoutColons(place), Self.withoutColons(Self.cleaned(manager)))
        return StatPrefix(
            "listener.\(place).http.\(manager).", "envoy_listener_http_",
            [Self.manager(label: manager), Self.listener(label: place)])
    }

    package static func cluster(_ name: String) -> StatPrefix {
        let name = Self.withoutColons(name)
        return StatPrefix("cluster.\(name).", "envoy_cluster_", [.init(name: "envoy_cluster_name", value: name)])
    }

    package static let listenerManager = StatPrefix("listener_manager.", "envoy_listener_manager_")
    package static let clusterManager = StatPrefix("cluster_manager.", "envoy_cluster_manager_")

    /// - Parameter field: What follows the prefix. Envoy makes labels of some parts of it: `2` of `upstream_rq_2xx`, `503` of
    ///   `upstream_rq_503`, `TLSv1.3` of `ssl.versions.TLSv1.3`.
    package func name(_ field: String, _ kind: StatName.Kind) -> StatName {
        var (metric, labels) = (field, self.labels)
        if field.hasSuffix("xx"), let class_ = field.dropLast(2).last, class_.isNumber {
            metric = field.dropLast(3) + "xx"
            labels.insert(.init(name: "envoy_response_code_class", value: String(class_)), at: 0)
        } else if let mark = field.firstRange(of: "_rq_"), field[mark.upperBound...].allSatisfy(\.isNumber) {
            metric = String(field[..<mark.lowerBound]) + "_rq"
            labels.insert(.init(name: "envoy_response_code", value: String(field[mark.upperBound...])), at: 0)
        } else if let mark = field.firstRange(of: "ssl.versions.") {
            metric = "ssl_versions"
            labels.insert(.init(name: "envoy_ssl_version", value: String(field[mark.upperBound...])), at: 0)
        }
        return StatName(
            text: self.text + field, metric: self.metric + metric.replacing(".", with: "_"), labels: labels, kind: kind)
    }

    private static func manager(label prefix: String) -> StatName.Label {
        .init(name: "envoy_http_conn_manager_prefix", value: prefix)
    }

    private static func listener(label place: String) -> StatName.Label { .init(name: "envoy_listener_address", value: place) }

    static func withoutColons(_ text: String) -> String {
        text.replacing("://", with: "_").replacing(":/", with: "_").replacing(":", with: "_")
    }

    /// As Envoy: the dot that ends a prefix is its own.
    static func cleaned(_ prefix: String) -> String { prefix.hasSuffix(".") ? String(prefix.dropLast()) : prefix }
}
