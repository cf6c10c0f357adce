// SPDX-License-Identifier: Apache-2.0

/// `retryOn` taken apart as Istio does: numbers that are HTTP status codes become codes, the rest stays tokens.
struct RetryConditions: Hashable {
    var tokens: [String] = []
    var statusCodes: [UInt32] = []

    private static let statusCodeToken = "retriable-status-codes"

    init(parsing text: String) {
        for part in text.split(separator: ",") {
            let token = part.filter { !$0.isWhitespace }
            if token.isEmpty { continue }
            if let code = UInt32(token), Self.isKnown(code) {
                if !statusCodes.contains(code) { statusCodes.append(code) }
            } else if !tokens.contains(token) {
                tokens.append(token)
            }
        }
        if !statusCodes.isEmpty, !tokens.contains(Self.statusCodeToken) { tokens.append(Self.statusCodeToken) }
    }

    /// Status codes that have a registered meaning.
    private static func isKnown(_ code: UInt32) -> Bool {
        switch code {
        case 100...103, 200...208, 226, 300...305, 307, 308, 400...418, 421...426, 428, 429, 431, 451, 500...508, 510, 511: true
        default: false
        }
    }
}
