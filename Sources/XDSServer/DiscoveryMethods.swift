// SPDX-License-Identifier: Apache-2.0
import GRPCCore

/// The methods that are served, written by hand because the services' `.proto` hold nothing else of interest.
enum DiscoveryMethods {
    private static let aggregated = "envoy.service.discovery.v3.AggregatedDiscoveryService"
    private static let secret = "envoy.service.secret.v3.SecretDiscoveryService"

    static let aggregatedStream = MethodDescriptor(
        fullyQualifiedService: aggregated, method: "StreamAggregatedResources", type: .bidirectionalStreaming)
    static let aggregatedDelta = MethodDescriptor(
        fullyQualifiedService: aggregated, method: "DeltaAggregatedResources", type: .bidirectionalStreaming)

    static let secretStream = MethodDescriptor(
        fullyQualifiedService: secret, method: "StreamSecrets", type: .bidirectionalStreaming)
    static let secretDelta = MethodDescriptor(
        fullyQualifiedService: secret, method: "DeltaSecrets", type: .bidirectionalStreaming)
    static let secretFetch = MethodDescriptor(fullyQualifiedService: secret, method: "FetchSecrets", type: .unary)

    static let createCertificate = MethodDescriptor(
        fullyQualifiedService: "istio.v1.auth.IstioCertificateService", method: "CreateCertificate", type: .unary)
}
