// SPDX-License-Identifier: Apache-2.0

/// Istio's codes (its `messages.yaml`), those that concern what we serve.
package enum FindingCode: String, Sendable, Hashable, CaseIterable {
    case deprecated = "IST0002"
    case referencedResourceNotFound = "IST0101"
    case schemaValidationError = "IST0106"
    case conflictingMeshHosts = "IST0109"
    case destinationPortRequired = "IST0112"
    case portNameWithoutProtocol = "IST0118"
    case noMatchingWorkloads = "IST0127"
    case serverNotVerified = "IST0128"
    case serverNotVerifiedOnPort = "IST0129"
    case unreachableRule = "IST0130"
    case schemaWarning = "IST0133"
    case serviceEntryAddressesRequired = "IST0134"
    case externalNamePortName = "IST0150"
    case invalidTelemetryProvider = "IST0157"
    case conflictingTelemetrySelectors = "IST0159"
    case multipleTelemetries = "IST0160"
    case referencedInternalGateway = "IST0165"
    case negativeCondition = "IST0171"
    case subsetSelectsNothing = "IST0173"
    case unknownDestinationRuleHost = "IST0174"
    case conflictingServiceEntryProtocol = "IST0177"

    package var severity: Finding.Severity {
        switch self {
        case .referencedResourceNotFound, .schemaValidationError, .conflictingMeshHosts, .destinationPortRequired,
            .conflictingTelemetrySelectors, .multipleTelemetries, .subsetSelectsNothing:
            .error
        case .deprecated, .noMatchingWorkloads, .serverNotVerified, .serverNotVerifiedOnPort, .unreachableRule, .schemaWarning,
            .serviceEntryAddressesRequired, .externalNamePortName, .invalidTelemetryProvider, .referencedInternalGateway,
            .negativeCondition, .unknownDestinationRuleHost, .conflictingServiceEntryProtocol:
            .warning
        case .portNameWithoutProtocol: .info
        }
    }
}
