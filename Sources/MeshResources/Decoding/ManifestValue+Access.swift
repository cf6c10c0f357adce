// SPDX-License-Identifier: Apache-2.0

/// Reading a tree that its schema has already checked: what has another type than asked for reads as absent.
extension ManifestValue {
    package var isNull: Bool {
        if case .null = content { true } else { false }
    }

    package var string: String? {
        if case .string(let value) = content { value } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    package var integer: Int64? {
        switch content {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    package var number: Double? {
        switch content {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    package var array: [ManifestValue]? {
        if case .array(let values) = content { values } else { nil }
    }

    package var members: [ManifestMember]? {
        if case .object(let members) = content { members } else { nil }
    }

    package var isObject: Bool { members != nil }

    /// The member of an object; absent and null read the same.
    package subscript(key: String) -> ManifestValue? {
        get {
            guard let value = members?.first(where: { $0.key == key })?.value, !value.isNull else { return nil }
            return value
        }
        set {
            guard case .object(var members) = content else {
                if let newValue { self = ManifestValue(.object([ManifestMember(key, newValue)]), at: position) }
                return
            }
            if let index = members.firstIndex(where: { $0.key == key }) {
                if let newValue { members[index].value = newValue } else { members.remove(at: index) }
            } else if let newValue {
                members.append(ManifestMember(key, newValue))
            }
            content = .object(members)
        }
    }

    package func string(_ key: String) -> String? { self[key]?.string }
    package func bool(_ key: String) -> Bool? { self[key]?.bool }
    package func number(_ key: String) -> Double? { self[key]?.number }

    package func int(_ key: String) -> Int? {
        guard let value = self[key]?.integer else { return nil }
        return Int(exactly: value)
    }

    package func strings(_ key: String) -> [String]? { self[key]?.array?.compactMap(\.string) }

    package func stringMap(_ key: String) -> [String: String]? {
        guard let members = self[key]?.members else { return nil }
        return Dictionary(members.compactMap { member in member.value.string.map { (member.key, $0) } }, uniquingKeysWith: { $1 })
    }

    /// Nil when absent or not a duration of the form `1h2m3.5s`.
    package func duration(_ key: String) -> Duration? { string(key).flatMap(DurationText.parse) }

    package func list<Element>(_ key: String, _ make: (ManifestValue) -> Element?) -> [Element] {
        self[key]?.array?.compactMap(make) ?? []
    }

    package func optionalList<Element>(_ key: String, _ make: (ManifestValue) -> Element?) -> [Element]? {
        self[key]?.array?.compactMap(make)
    }
}
