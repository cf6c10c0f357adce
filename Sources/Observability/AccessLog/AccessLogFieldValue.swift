// SPDX-License-Identifier: Apache-2.0

/// What an operator yields: numbers stay numbers in JSON.
enum AccessLogFieldValue: Sendable, Hashable {
    case text(String)
    case number(Int64)
    case absent

    init(_ text: String?) {
        guard let text, !text.isEmpty else {
            self = .absent
            return
        }
        self = .text(text)
    }
}
