// SPDX-License-Identifier: Apache-2.0

/// Values in the order of `LabelName.istioHTTP` and `.istioTCP`.
enum IstioLabelValues {
    static func request(
        _ key: RequestMetricKey, source: PeerLabels, destination: PeerLabels, service: ServiceLabels
    ) -> [String] {
        self.parties(key.reporter, source, destination, service) + [
            key.isGRPC ? "grpc" : "http",
            String(key.responseCode),
            key.isGRPC && key.grpcStatus != .max ? String(key.grpcStatus) : "",
            key.flags.shortText,
            self.security(key.reporter, key.isMutualTLS),
        ]
    }

    static func connection(
        _ key: ConnectionMetricKey, source: PeerLabels, destination: PeerLabels, service: ServiceLabels
    ) -> [String] {
        self.parties(key.reporter, source, destination, service) + [
            "tcp", key.flags.shortText, self.security(key.reporter, key.isMutualTLS),
        ]
    }

    private static func parties(
        _ reporter: MetricReporter, _ source: PeerLabels, _ destination: PeerLabels, _ service: ServiceLabels
    ) -> [String] {
        [
            reporter.rawValue,
            source.workload, source.canonicalService, source.canonicalRevision, source.namespace, source.principal, source.app,
            source.version, source.cluster,
            destination.workload, destination.namespace, destination.principal, destination.app, destination.version,
            service.host, destination.canonicalService, destination.canonicalRevision, service.name, service.namespace,
            destination.cluster,
        ]
    }

    /// Only the receiving side knows; Istio's source reporter says `unknown`.
    private static func security(_ reporter: MetricReporter, _ isMutualTLS: Bool) -> String {
        switch reporter {
        case .source: PeerLabels.unknownValue
        case .destination: isMutualTLS ? "mutual_tls" : "none"
        }
    }
}
