// SPDX-License-Identifier: Apache-2.0

/// Why a request did not go the ordinary way, as Envoy names it in access logs and metrics. Raw values are bit positions,
/// in Envoy's order, which is also the order in a text of several flags.
package enum ResponseFlag: UInt8, Sendable, Hashable, CaseIterable {
    case failedLocalHealthCheck
    case noHealthyUpstream
    case upstreamRequestTimeout
    case localReset
    case upstreamRemoteReset
    case upstreamConnectionFailure
    case upstreamConnectionTermination
    case upstreamOverflow
    case noRouteFound
    case delayInjected
    case faultInjected
    case rateLimited
    case unauthorizedExternalService
    case rateLimitServiceError
    case downstreamConnectionTermination
    case upstreamRetryLimitExceeded
    case streamIdleTimeout
    case invalidEnvoyRequestHeaders
    case downstreamProtocolError
    case upstreamMaxStreamDurationReached
    case responseFromCacheFilter
    case noFilterConfigFound
    case durationTimeout
    case upstreamProtocolError
    case noClusterFound
    case overloadManagerTerminated
    case dnsResolutionFailed
    case dropOverload
    case downstreamRemoteReset

    /// Envoy's short form: `UF`.
    package var shortName: String {
        switch self {
        case .failedLocalHealthCheck: "LH"
        case .noHealthyUpstream: "UH"
        case .upstreamRequestTimeout: "UT"
        case .localReset: "LR"
        case .upstreamRemoteReset: "UR"
        case .upstreamConnectionFailure: "UF"
        case .upstreamConnectionTermination: "UC"
        case .upstreamOverflow: "UO"
        case .noRouteFound: "NR"
        case .delayInjected: "DI"
        case .faultInjected: "FI"
        case .rateLimited: "RL"
        case .unauthorizedExternalService: "UAEX"
        case .rateLimitServiceError: "RLSE"
        case .downstreamConnectionTermination: "DC"
        case .upstreamRetryLimitExceeded: "URX"
        case .streamIdleTimeout: "SI"
        case .invalidEnvoyRequestHeaders: "IH"
        case .downstreamProtocolError: "DPE"
        case .upstreamMaxStreamDurationReached: "UMSDR"
        case .responseFromCacheFilter: "RFCF"
        case .noFilterConfigFound: "NFCF"
        case .durationTimeout: "DT"
        case .upstreamProtocolError: "UPE"
        case .noClusterFound: "NC"
        case .overloadManagerTerminated: "OM"
        case .dnsResolutionFailed: "DF"
        case .dropOverload: "DO"
        case .downstreamRemoteReset: "DR"
        }
    }

    /// Envoy's long form: `UpstreamConnectionFailure`.
    package var longName: String {
        switch self {
        case .failedLocalHealthCheck: "FailedLocalHealthCheck"
        case .noHealthyUpstream: "NoHealthyUpstream"
        case .upstreamRequestTimeout: "UpstreamRequestTimeout"
        case .localReset: "LocalReset"
        case .upstreamRemoteReset: "UpstreamRemoteReset"
        case .upstreamConnectionFailure: "UpstreamConnectionFailure"
        case .upstreamConnectionTermination: "UpstreamConnectionTermination"
        case .upstreamOverflow: "UpstreamOverflow"
        case .noRouteFound: "NoRouteFound"
        case .delayInjected: "DelayInjected"
        case .faultInjected: "FaultInjected"
        case .rateLimited: "RateLimited"
        case .unauthorizedExternalService: "UnauthorizedExternalService"
        case .rateLimitServiceError: "RateLimitServiceError"
        case .downstreamConnectionTermination: "DownstreamConnectionTermination"
        case .upstreamRetryLimitExceeded: "UpstreamRetryLimitExceeded"
        case .streamIdleTimeout: "StreamIdleTimeout"
        case .invalidEnvoyRequestHeaders: "InvalidEnvoyRequestHeaders"
        case .downstreamProtocolError: "DownstreamProtocolError"
        case .upstreamMaxStreamDurationReached: "UpstreamMaxStreamDurationReached"
        case .responseFromCacheFilter: "ResponseFromCacheFilter"
        case .noFilterConfigFound: "NoFilterConfigFound"
        case .durationTimeout: "DurationTimeout"
        case .upstreamProtocolError: "UpstreamProtocolError"
        case .noClusterFound: "NoClusterFound"
        case .overloadManagerTerminated: "OverloadManagerTerminated"
        case .dnsResolutionFailed: "DnsResolutionFailed"
        case .dropOverload: "DropOverload"
        case .downstreamRemoteReset: "DownstreamRemoteReset"
        }
    }
}
