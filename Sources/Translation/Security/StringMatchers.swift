// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Istio's string patterns in policies (`exact`, `prefix*`, `*suffix`, `*`) as Envoy matchers.
enum StringMatchers {
    static func pattern(_ text: String, ignoreCase: Bool = false) -> Wire.StringMatcher {
        .with {
            if text == "*" {
                $0.safeRegex.regex = ".+"
            } else if text.hasSuffix("*") {
                $0.prefix = String(text.dropLast())
                $0.ignoreCase = ignoreCase
            } else if text.hasPrefix("*") {
                $0.suffix = String(text.dropFirst())
                $0.ignoreCase = ignoreCase
            } else {
                $0.exact = text
                $0.ignoreCase = ignoreCase
            }
        }
    }

    /// Paths may also hold the templates `{*}` (one segment) and `{**}` (any number of them).
    static func path(_ text: String) -> Wire.StringMatcher {
        guard text.contains("{*}") || text.contains("{**}") else { return pattern(text) }
        var regex = ""
        var rest = Substring(text)
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            regex += quoted(rest[..<open])
            switch rest[open...close] {
            case "{*}": regex += "[^/]+"
            case "{**}": regex += ".*"
            case let other: regex += quoted(other)
            }
            rest = rest[rest.index(after: close)...]
        }
        return .with { $0.safeRegex.regex = regex + quoted(rest) }
    }

    /// Text as a regular expression that matches just this text.
    static func quoted(_ text: some StringProtocol) -> String {
        var result = ""
        for character in text {
            if #"\.+*?()|[]{}^$"#.contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
