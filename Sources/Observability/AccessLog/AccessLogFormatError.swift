// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a format, and at which byte of its text.
package struct AccessLogFormatError: Error, Sendable, Hashable, CustomStringConvertible {
    package var position: Int
    package var reason: String
    /// The JSON key whose format it is.
    package var key: String?

    package var description: String {
        let place = self.key.map { "key '\($0)', " } ?? ""
        return "access log format: \(place)position \(self.position): \(self.reason)"
    }
}
