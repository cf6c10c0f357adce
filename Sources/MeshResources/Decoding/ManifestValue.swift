// SPDX-License-Identifier: Apache-2.0

/// A resource as a tree, before and beside its typed form. Knows its place in the file where it came from one.
///
/// Equality ignores places and the order of keys: two trees are equal when they say the same.
package struct ManifestValue: Sendable {
    package indirect enum Content: Sendable {
        case null
        case bool(Bool)
        case integer(Int64)
        case number(Double)
        case string(String)
        case array([ManifestValue])
        case object([ManifestMember])
    }

    package var content: Content
    /// Nil when the value was not read from a text.
    package var position: SourcePosition?

    package init(_ content: Content, at position: SourcePosition? = nil) {
        self.content = content
        self.position = position
    }
}

/// One key with its value; keys are unique within an object.
package struct ManifestMember: Sendable {
    package var key: String
    package var value: ManifestValue
    package var keyPosition: SourcePosition?

    package init(_ key: String, _ value: ManifestValue, at keyPosition: SourcePosition? = nil) {
        self.key = key
        self.value = value
        self.keyPosition = keyPosition
    }
}

extension ManifestValue: Hashable {
    package static func == (left: ManifestValue, right: ManifestValue) -> Bool {
        switch (left.content, right.content) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.integer(let a), .number(let b)), (.number(let b), .integer(let a)): Double(a) == b
        case (.string(let a), .string(let b)): a == b
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)):
            a.count == b.count
                && Dictionary(a.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
                    == Dictionary(b.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch content {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(Double(value))
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let values): hasher.combine(values)
        case .object(let members): hasher.combine(Dictionary(members.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
        }
    }
}

extension ManifestValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self.init(.string(value)) }
    package init(integerLiteral value: Int64) { self.init(.integer(value)) }
    package init(booleanLiteral value: Bool) { self.init(.bool(value)) }
    package init(arrayLiteral elements: ManifestValue...) { self.init(.array(elements)) }
    package init(dictionaryLiteral elements: (String, ManifestValue)...) {
        self.init(.object(elements.map { ManifestMember($0.0, $0.1) }))
    }

    package static var null: ManifestValue { ManifestValue(.null) }
}
