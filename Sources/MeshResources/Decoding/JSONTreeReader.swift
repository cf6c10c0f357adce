// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// JSON (RFC 8259) into a tree, for bodies of API requests. No places: a body has no lines that its author knows.
package enum JSONTreeReader {
    package static func read(_ data: Data, limits: ManifestLimits = .standard) throws -> ManifestValue {
        guard data.count <= limits.inputBytes else {
            throw ManifestError(.tooLarge, "\(data.count) bytes; at most \(limits.inputBytes) are taken")
        }
        try checkDepth(data, limit: limits.depth)
        do {
            return try JSONDecoder().decode(DecodedTree.self, from: data).value
        } catch let error as DecodingError {
            if case .dataCorrupted(let context) = error {
                throw ManifestError(
                    .syntax,
                    "not JSON: \((context.underlyingError as NSError?)?.userInfo["NSDebugDescription"] ?? context.debugDescription)"
                )
            }
            throw ManifestError(.syntax, "not JSON: \(error)")
        }
    }

    /// Before decoding, which recurses.
    private static func checkDepth(_ data: Data, limit: Int) throws {
        var depth = 0
        var inString = false
        var escaped = false
        for byte in data {
            if inString {
                if escaped {
                    escaped = false
                } else if byte == UInt8(ascii: "\\") {
                    escaped = true
                } else if byte == UInt8(ascii: "\"") {
                    inString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): inString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                guard depth <= limit else { throw ManifestError(.tooDeep, "nested deeper than \(limit) levels") }
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
    }
}

private struct DecodedTree: Decodable {
    var value: ManifestValue

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            let members = try object.allKeys.map {
                ManifestMember($0.stringValue, try object.decode(DecodedTree.self, forKey: $0).value)
            }
            value = ManifestValue(.object(members.sorted { $0.key < $1.key }))
            return
        }
        if var list = try? decoder.unkeyedContainer() {
            var elements: [ManifestValue] = []
            while !list.isAtEnd { elements.append(try list.decode(DecodedTree.self).value) }
            value = ManifestValue(.array(elements))
            return
        }
        let scalar = try decoder.singleValueContainer()
        if scalar.decodeNil() {
            value = .null
        } else if let bool = try? scalar.decode(Bool.self) {
            value = ManifestValue(.bool(bool))
        } else if let integer = try? scalar.decode(Int64.self) {
            value = ManifestValue(.integer(integer))
        } else if let number = try? scalar.decode(Double.self) {
            value = ManifestValue(.number(number))
        } else {
            value = ManifestValue(.string(try scalar.decode(String.self)))
        }
    }
}
