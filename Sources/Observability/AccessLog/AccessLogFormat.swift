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
    ///
    /// - Parameter key: Asked for each header that the format names; it becomes the header's `key`.
    package init(text: String, key: (LoggedHeader) -> Int = { _ in 0 }) throws(AccessLogFormatError) {
        self.layout = .text(try AccessLogTemplate(text, key: key))
    }

    package init(json: [String: JSONFormat], key: (LoggedHeader) -> Int = { _ in 0 }) throws(AccessLogFormatError) {
        self.layout = .object(try Self.members(json, key))
    }

    private static func members(
        _ object: [String: JSONFormat], _ key: (LoggedHeader) -> Int
    ) throws(AccessLogFormatError) -> [JSONMember] {
        var members: [JSONMember] = []
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .object(let inner):
                members.append(JSONMember(key: name, value: .object(try Self.members(inner, key))))
            case .text(let text):
                do {
                    members.append(JSONMember(key: name, value: .template(try AccessLogTemplate(text, key: key))))
                } catch {
                    throw AccessLogFormatError(position: error.position, reason: error.reason, key: name)
                }
            }
        }
        return members
    }

    /// Appends a whole line.
    package func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) {
        switch self.layout {
        case .text(let template):
            template.write(entry, to: &line, header: header)
        case .object(let members):
            Self.write(members, entry, to: &line, header: header)
            line.append(byte: UInt8(ascii: "\n"))
        }
    }

    private static func write(
        _ members: [JSONMember], _ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer
    ) {
        line.append("{")
        for (index, member) in members.enumerated() {
            if index > 0 { line.append(",") }
            Self.write(quoted: member.key, to: &line)
            line.append(":")
            switch member.value {
            case .object(let inner): Self.write(inner, entry, to: &line, header: header)
            case .template(let template): Self.write(template, entry, to: &line, header: header)
            }
        }
        line.append("}")
    }

    /// A lone operator keeps its type (number, null); anything longer is a text.
    private static func write(
        _ template: AccessLogTemplate, _ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer
    ) {
        var value = LogLine()
        if template.pieces.count == 1, case .value(let kind, let limit)? = template.pieces.first {
            guard kind.write(entry, to: &value, header: header) else { return line.append("null") }
            if kind.isNumber(entry) {
                line.bytes += value.bytes
                return
            }
            if let limit { value.limit(from: 0, to: limit) }
        } else {
            template.write(entry, to: &value, header: header)
        }
        Self.write(quoted: String(decoding: value.bytes, as: UTF8.self), to: &line)
    }

    private static func write(quoted value: String, to line: inout LogLine) {
        var text = ""
        JSONText.write(value, to: &text)
        line.append(text)
    }
}
