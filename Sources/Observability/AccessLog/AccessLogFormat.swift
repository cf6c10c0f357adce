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
    /// Those that the format asks for; a line asks by their places.
    package let headers: [LoggedHeader]

    /// A text format; written as it stands, so it has to bring its own line feed.
    package init(text: String) throws(AccessLogFormatError) {
        var headers: [LoggedHeader] = []
        self.layout = .text(try AccessLogTemplate(text, headers: &headers))
        self.headers = headers
    }

    package init(json: [String: JSONFormat]) throws(AccessLogFormatError) {
        var headers: [LoggedHeader] = []
        self.layout = .object(try Self.members(json, &headers))
        self.headers = headers
    }

    private static func members(
        _ object: [String: JSONFormat], _ headers: inout [LoggedHeader]
    ) throws(AccessLogFormatError) -> [JSONMember] {
        var members: [JSONMember] = []
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            switch value {
            case .object(let inner):
                members.append(JSONMember(key: name, value: .object(try Self.members(inner, &headers))))
            case .text(let text):
                do {
                    members.append(JSONMember(key: name, value: .template(try AccessLogTemplate(text, headers: &headers))))
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
        let start = line.count
        guard template.pieces.count == 1, case .value(let kind, let limit)? = template.pieces.first else {
            line.append(byte: UInt8(ascii: "\""))
            template.write(entry, to: &line, header: header)
            return Self.quote(from: start, in: &line)
        }
        if case .field(let field) = kind, field.isNumber {
            if !template.write(kind, of: entry, to: &line, header: header) { line.append("null") }
            return
        }
        line.append(byte: UInt8(ascii: "\""))
        guard template.write(kind, of: entry, to: &line, header: header) else {
            line.cut(to: start)
            return line.append("null")
        }
        if let limit { line.limit(from: start + 1, to: limit) }
        Self.quote(from: start, in: &line)
    }

    /// Ends the string that began with the quotation mark at `start`.
    private static func quote(from start: Int, in line: inout LogLine) {
        guard !line.isPlain(from: start + 1) else { return line.append(byte: UInt8(ascii: "\"")) }
        let value = line.text(from: start + 1)
        line.cut(to: start)
        Self.write(quoted: value, to: &line)
    }

    private static func write(quoted value: String, to line: inout LogLine) {
        var text = ""
        JSONText.write(value, to: &text)
        line.append(text)
    }
}
