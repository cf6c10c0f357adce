// SPDX-License-Identifier: Apache-2.0

/// How a text is compared.
package enum TextMatch: Sendable, Hashable {
    case exact(String, ignoringCase: Bool)
    case prefix(String, ignoringCase: Bool)
    case suffix(String, ignoringCase: Bool)
    case contains(String, ignoringCase: Bool)
    /// Matches the whole text.
    case regex(String)
}

/// A condition on a header. Several headers of the name are taken as one, joined by commas.
package struct HeaderMatch: Sendable, Hashable {
    package enum Condition: Sendable, Hashable {
        case present(Bool)
        case text(TextMatch)
        /// Low ≤ value < high.
        case range(Int64, Int64)
    }

    /// Lower case; `:path`, `:method`, `:authority`, `:scheme` for parts of the request line.
    package var name: String
    package var condition: Condition
    package var inverts: Bool
    /// A header that is not there is compared as empty.
    package var treatsMissingAsEmpty: Bool

    package init(name: String, condition: Condition, inverts: Bool = false, treatsMissingAsEmpty: Bool = false) {
        self.name = name
        self.condition = condition
        self.inverts = inverts
        self.treatsMissingAsEmpty = treatsMissingAsEmpty
    }
}

/// A condition on a parameter of the query.
package struct QueryParameterMatch: Sendable, Hashable {
    package enum Condition: Sendable, Hashable {
        case present
        case text(TextMatch)
    }

    package var name: String
    package var condition: Condition

    package init(name: String, condition: Condition) {
        self.name = name
        self.condition = condition
    }
}
