// SPDX-License-Identifier: Apache-2.0

/// An input that could not be read as far as its resources.
package struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable { case tooLarge, notText, syntax, tooDeep, duplicateKey, notAnObject }

    package var code: Code
    package var message: String
    package var position: SourcePosition?

    package init(_ code: Code, _ message: String, at position: SourcePosition? = nil) {
        self.code = code
        self.message = message
        self.position = position
    }

    package var description: String { position.map { "line \($0.line): \(message)" } ?? message }

    package var diagnostic: Diagnostic {
        let code: Diagnostic.Code =
            switch self.code {
            case .tooLarge, .tooDeep: .tooLarge
            case .duplicateKey: .duplicateField
            case .notText, .syntax, .notAnObject: .syntax
            }
        return Diagnostic(.error, code, path: "", message, position: position)
    }
}
