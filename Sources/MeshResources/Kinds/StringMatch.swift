// SPDX-License-Identifier: Apache-2.0

/// How a text is compared; a `regex` must match the whole text (RE2).
package enum StringMatch: Sendable, Hashable {
    case exact(String)
    case prefix(String)
    case regex(String)
    /// `{}`: the value only has to be there.
    case present

    package init(_ tree: ManifestValue) {
        if let text = tree.string("exact") {
            self = .exact(text)
        } else if let text = tree.string("prefix") {
            self = .prefix(text)
        } else if let text = tree.string("regex") {
            self = .regex(text)
        } else {
            self = .present
        }
    }

    static func map(_ tree: ManifestValue?) -> [String: StringMatch] {
        Dictionary((tree?.members ?? []).map { ($0.key, StringMatch($0.value)) }, uniquingKeysWith: { $1 })
    }
}
