// SPDX-License-Identifier: Apache-2.0

/// Every label of every metric we emit.
package enum LabelName {
    package static let reporter = "reporter"
    package static let sourceWorkload = "source_workload"
    package static let sourceCanonicalService = "source_canonical_service"
    package static let sourceCanonicalRevision = "source_canonical_revision"
    package static let sourceWorkloadNamespace = "source_workload_namespace"
    package static let sourcePrincipal = "source_principal"
    package static let sourceApp = "source_app"
    package static let sourceVersion = "source_version"
    package static let sourceCluster = "source_cluster"
    package static let destinationWorkload = "destination_workload"
    package static let destinationWorkloadNamespace = "destination_workload_namespace"
    package static let destinationPrincipal = "destination_principal"
    package static let destinationApp = "destination_app"
    package static let destinationVersion = "destination_version"
    package static let destinationService = "destination_service"
    package static let destinationCanonicalService = "destination_canonical_service"
    package static let destinationCanonicalRevision = "destination_canonical_revision"
    package static let destinationServiceName = "destination_service_name"
    package static let destinationServiceNamespace = "destination_service_namespace"
    package static let destinationCluster = "destination_cluster"
    package static let requestProtocol = "request_protocol"
    package static let responseCode = "response_code"
    package static let grpcResponseStatus = "grpc_response_status"
    package static let responseFlags = "response_flags"
    package static let connectionSecurityPolicy = "connection_security_policy"
    package static let clusterName = "envoy_cluster_name"
    package static let listenerAddress = "envoy_listener_address"
    package static let typeURL = "type_url"
    package static let version = "version"

    /// Istio's labels of HTTP metrics, in Istio's order.
    package static let istioHTTP = [
        reporter,
        sourceWorkload,
        sourceCanonicalService,
        sourceCanonicalRevision,
        sourceWorkloadNamespace,
        sourcePrincipal,
        sourceApp,
        sourceVersion,
        sourceCluster,
        destinationWorkload,
        destinationWorkloadNamespace,
        destinationPrincipal,
        destinationApp,
        destinationVersion,
        destinationService,
        destinationCanonicalService,
        destinationCanonicalRevision,
        destinationServiceName,
        destinationServiceNamespace,
        destinationCluster,
        requestProtocol,
        responseCode,
        grpcResponseStatus,
        responseFlags,
        connectionSecurityPolicy,
    ]

    /// Those of TCP metrics: without what only HTTP has.
    package static let istioTCP = istioHTTP.filter { $0 != responseCode && $0 != grpcResponseStatus }
}
