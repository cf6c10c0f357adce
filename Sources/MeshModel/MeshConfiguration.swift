// SPDX-License-Identifier: Apache-2.0

/// What holds for the whole mesh. Every default is Istio's.
package struct MeshConfiguration: Sendable, Hashable {
    package enum AccessLogEncoding: Sendable, Hashable { case text, json }

    package enum ProviderKind: String, Sendable, Hashable { case accessLog, metrics, tracing }

    /// Part of every SPIFFE ID.
    package var trustDomain = "cluster.local"
    /// Services are called `<name>.<namespace>.svc.<domain>`.
    package var domain = "cluster.local"
    /// Policies in this namespace without a selector hold for the whole mesh.
    package var rootNamespace = "istio-system"
    package var clusterID = "Kubernetes"
    package var meshID = "cluster.local"
    /// Mutual TLS to every endpoint that takes it, without a DestinationRule.
    package var enableAutoMTLS = true
    /// Seconds a connection to an endpoint may take to come up.
    package var connectTimeoutSeconds = 10.0
    /// Retries of a route that says nothing: number, conditions.
    package var defaultRetryAttempts = 2
    package var defaultRetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"
    /// File of the access log; empty: none, unless a Telemetry asks for it.
    package var accessLogFile = ""
    package var accessLogEncoding = AccessLogEncoding.text
    /// Providers that a Telemetry may name.
    package var providers: [String: ProviderKind] = [
        "prometheus": .metrics, "stackdriver": .metrics, "envoy": .accessLog,
    ]
    /// Certificates and root come under these secret names from this cluster of the bootstrap.
    package var secretClusterName = "sds-grpc"

    package init() {}

    package func spiffeID(namespace: String, serviceAccount: String) -> String {
        "spiffe://\(trustDomain)/ns/\(namespace)/sa/\(serviceAccount)"
    }

    package func serviceHostname(_ name: String, namespace: String) -> String {
        "\(name).\(namespace).svc.\(domain)".lowercased()
    }
}
