// SPDX-License-Identifier: Apache-2.0
import Foundation
import SwiftProtobuf

/// Messages as JSON for people, without what must not be seen: what Envoy's API marks as sensitive, wherever it stands.
enum SecretRedaction {
    static let text = "[redacted]"

    /// Everything below these fields is replaced.
    private static let sensitive: Set<String> = [
        "private_key", "private_key_provider", "password", "generic_secret", "session_ticket_keys",
    ]

    /// - Parameter change: Of what is shown, before it is written.
    static func json(
        _ message: some Message, _ change: ([String: Any]) throws -> [String: Any] = { $0 }
    ) throws -> String {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        let bytes: Data = try message.jsonUTF8Data(options: options)
        let object = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
        let shown = try change(Self.shown(object, isSecret: false) as? [String: Any] ?? [:])
        let data = try JSONSerialization.data(
            withJSONObject: shown, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private static func shown(_ value: Any, isSecret: Bool) -> Any {
        switch value {
        case let members as [String: Any]:
            var result: [String: Any] = [:]
            for (name, member) in members {
                if isSecret, name == "inline_bytes" {
                    result[name] = Data(Self.text.utf8).base64EncodedString()
                } else {
                    result[name] = Self.shown(member, isSecret: isSecret || Self.sensitive.contains(name))
                }
            }
            return result
        case let items as [Any]: return items.map { Self.shown($0, isSecret: isSecret) }
        case is String where isSecret: return Self.text
        default: return value
        }
    }
}
