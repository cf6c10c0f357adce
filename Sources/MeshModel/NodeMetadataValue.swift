// SPDX-License-Identifier: Apache-2.0

/// A value of a proxy's node metadata, as it stands in an xDS request (numbers are doubles there).
package enum NodeMetadataValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case list([NodeMetadataValue])
    case object([String: NodeMetadataValue])

    package var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var portValue: Int? {
        guard case .number(let value) = self, let number = Int(exactly: value), (1...65535).contains(number) else { return nil }
        return number
    }

    package var listValue: [NodeMetadataValue]? {
        if case .list(let value) = self { value } else { nil }
    }

    package var objectValue: [String: NodeMetadataValue]? {
        if case .object(let value) = self { value } else { nil }
    }
}
