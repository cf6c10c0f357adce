// SPDX-License-Identifier: Apache-2.0

/// One thing that is wrong, or doubtful, about a resource.
package struct Diagnostic: Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable { case error, warning }

    package enum Code: String, Sendable, Hashable {
        case syntax, unknownField, duplicateField, wrongType, required, invalid, notServed, tooLarge, deprecated, noEffect,
            notActedOn,
            conflict
    }

    package var severity: Severity
    package var code: Code
    /// `spec.http[0].route[1].weight`; empty for the document as a whole.
    package var path: String
    package var message: String
    /// What to do about it, where that is known.
    package var suggestion: String?
    package var position: SourcePosition?

    package init(
        _ severity: Severity, _ code: Code, path: String, _ message: String, suggestion: String? = nil,
        position: SourcePosition? = nil
    ) {
        self.severity = severity
        self.code = code
        self.path = path
        self.message = message
        self.suggestion = suggestion
        self.position = position
    }

    package var isError: Bool { severity == .error }

    /// `file:line: error: path: message; suggestion`.
    package func rendered(file: String?) -> String {
        var text = ""
        if let file { text += file + ":" }
        if let position { text += "\(position.line):" }
        if !text.isEmpty { text += " " }
        text += "\(severity.rawValue): "
        if !path.isEmpty, !message.contains(path) { text += path + ": " }
        text += message
        // The message about an unknown field already says where it belongs, or what was meant.
        if let suggestion, code != .unknownField { text += "; " + suggestion }
        return text
    }
}
