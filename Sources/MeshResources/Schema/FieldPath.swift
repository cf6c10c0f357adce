// SPDX-License-Identifier: Apache-2.0

/// A place in a resource: `spec.http[0].match[1].headers["x-a"]`.
package struct FieldPath: Sendable, Hashable, CustomStringConvertible {
    package private(set) var description: String

    package init(_ description: String = "") { self.description = description }

    package func field(_ name: String) -> FieldPath {
        FieldPath(description.isEmpty ? name : "\(description).\(name)")
    }

    package func index(_ index: Int) -> FieldPath { FieldPath("\(description)[\(index)]") }

    /// A key that the user chose, in a map.
    package func key(_ key: String) -> FieldPath {
        let plain = key.utf8.allSatisfy {
            ($0 >= 97 && $0 <= 122) || ($0 >= 65 && $0 <= 90) || ($0 >= 48 && $0 <= 57) || $0 == 45 || $0 == 95
        }
        return plain ? field(key) : FieldPath("\(description)[\"\(key.prefix(100))\"]")
    }

    /// With `[]` for every index: how places of the schema are written.
    package var generalised: String {
        var text = ""
        var inside = false
        for character in description {
            if character == "]" { inside = false }
            if !inside { text.append(character) }
            if character == "[" { inside = true }
        }
        return text
    }
}
