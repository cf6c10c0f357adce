// SPDX-License-Identifier: Apache-2.0

/// How a line of the access log looks: compiled once per snapshot from Envoy's format language (docs/access-log.md).
package struct AccessLogFormat: Sendable, Hashable {
    enum Layout: Sendable, Hashable {
        case text(AccessLogTemplate)
        case object([JSONMember])
    }

    /// One member of a JSON line: a nested object is a member with members.
    struct JSONMember: Sendable, Hashable {
        var key: String
        var value: JSONMemberValue
    }

    enum JSONMemberValue: Sendable, Hashable {
        case template(AccessLogTemplate)
        case object([JSONMember])
    }

    /// A JSON format as it is configured; keys are sorted when the format is compiled.
    package enum JSONFormat: Sendable, Hashable {
        case text(String)
        case object([String: JSONFormat])
    }

    let layout: Layout

    /// A text format; written as it stands, so it has to bring its own line feed.
    package init(text: String) throws(AccessLogFormatError) {
        self.layout = .text(try AccessLogTemplate(text))
    }

    package init(json: [String: JSONFormat]) throws(AccessLogFormatError) {
        self.layout = .object(try Self.members(json))
    }

    private static func members(_ object: [String: JSONFormat]) throws(AccessLogFormatError) -> [JSONMember] {
        var members: [JSONMember] = []
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .object(let inner):
                members.append(JSONMember(key: key, value: .object(try Self.members(inner))))
            case .text(let text):
                do {
                    members.append(JSONMember(key: key, value: .template(try AccessLogTemplate(text))))
                } catch {
                    throw AccessLogFormatError(position: error.position, reason: error.reason, key: key)
                }
            }
        }
        return members
    }

    package func line(_ entry: AccessLogEntry, request: any HeaderLookup, response: any HeaderLookup) -> String {
        switch self.layout {
        case .text(let template):
            return template.text(entry, request, response)
        case .object(let members):
            var text = ""
            Self.write(members, entry, request, response, to: &text)
            return text + "\n"
        }
    }

    private static func write(
        _ members: [JSONMember], _ entry: AccessLogEntry, _ request: any HeaderLookup, _ response: any HeaderLookup,
        to text: inout String
    ) {
        text += "{"
        for (index, member) in members.enumerated() {
            if index > 0 { text += "," }
            JSONText.write(member.key, to: &text)
            text += ":"
            switch member.value {
            case .object(let inner): Self.write(inner, entry, request, response, to: &text)
            case .template(let template): Self.write(template, entry, request, response, to: &text)
            }
        }
        text += "}"
    }

    /// A lone operator keeps its type (number, null); anything longer is a text.
    private static func write(
        _ template: AccessLogTemplate, _ entry: AccessLogEntry, _ request: any HeaderLookup, _ response: any HeaderLookup,
        to text: inout String
    ) {
        guard template.pieces.count == 1, let piece = template.pieces.first else {
            JSONText.write(template.text(entry, request, response), to: &text)
            return
        }
        switch template.value(piece, entry, request, response) {
        case .text(let value): JSONText.write(value, to: &text)
        case .number(let number): text += String(number)
        case .absent: text += "null"
        }
    }
}
