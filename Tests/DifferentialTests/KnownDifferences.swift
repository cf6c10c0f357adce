// SPDX-License-Identifier: Apache-2.0

/// Where malla-proxy does something else than Envoy, and why it stays so. A case that is listed must differ.
enum KnownDifferences {
    static let reasons: [String: String] = [:]
}
