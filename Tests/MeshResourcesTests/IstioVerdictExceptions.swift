// SPDX-License-Identifier: Apache-2.0

/// Rows of Istio's own test tables on which we judge otherwise, each on purpose and with its reason.
enum IstioVerdictExceptions {
    static let reasons: [String: String] = [
        "TestValidateDelegateHTTPRoute/delegate route with delegate":
            "Istio's table calls the check of one route as that of a delegate; the whole object around it here has hosts, so it is a root, which may delegate."
    ]

    /// Rows of which Istio warns and we do not.
    static let warnings: [String: String] = [:]
}
