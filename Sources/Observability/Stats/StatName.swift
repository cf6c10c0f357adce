// SPDX-License-Identifier: Apache-2.0

/// A number that Envoy has too: what `/stats` calls it, and what Prometheus does.
package struct StatName: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable { case counter, gauge }

    package struct Label: Sendable, Hashable {
        package var name: String
        package var value: String
    }

    /// `http.ingress.cors.origin_valid`
    package var text: String
    /// `envoy_http_cors_origin_valid`
    package var metric: String
    package var labels: [Label]
    package var kind: Kind
}
