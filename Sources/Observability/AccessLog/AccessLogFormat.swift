// SPDX-License-Identifier: Apache-2.0

/// How a line of the access log looks: compiled once per snapshot from Envoy's format language (docs/access-log.md).
package struct AccessLogFormat: Sendable, Hashable {
    /// A JSON format as it is configured; keys are sorted when the format is compiled.
    package enum JSONFormat: Sendable, Hashable {
        case text(String)
        case object([String: JSONFormat])
    }

    private let program: AccessLogProgram
    /// Those that the format asks for; a line asks by their places.
    package let headers: [LoggedHeader]

    /// A text format; written as it stands, so it has to bring its own line feed.
    ///
    /// - Parameter omitsEmpty: Nothing stands in the place of a value that is not there.
    package init(text: String, omitsEmpty: Bool = false) throws(AccessLogFormatError) {
        var program = AccessLogProgram()
        var headers: [LoggedHeader] = []
        try program.append(text, headers: &headers)
        if omitsEmpty { program.omitEmptyText() }
        program.finish()
        self.program = program
        self.headers = headers
    }

    /// - Parameter omitsEmpty: Members without a value are left out, and objects that have none but such.
    package init(json: [String: JSONFormat], omitsEmpty: Bool = false) throws(AccessLogFormatError) {
        var program = AccessLogProgram()
        var headers: [LoggedHeader] = []
        if omitsEmpty {
            try Self.appendFilled(json, to: &program, &headers)
            program.omitEmptyText()
        } else {
            try Self.append(json, to: &program, &headers)
        }
        program.append(literal: "\n")
        program.finish()
        self.program = program
        self.headers = headers
    }

    private static func append(
        _ object: [String: JSONFormat], to program: inout AccessLogProgram, _ headers: inout [LoggedHeader]
    ) throws(AccessLogFormatError) {
        var before = "{"
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            var key = ""
            JSONText.write(name, to: &key)
            program.append(literal: before + key + ":")
            before = ","
            switch value {
            case .object(let inner): try Self.append(inner, to: &program, &headers)
            case .text(let text): try Self.append(text, of: name, to: &program, &headers)
            }
        }
        program.append(literal: before == "{" ? "{}" : "}")
    }

    /// With steps that can be taken back where there is no value.
    private static func appendFilled(
        _ object: [String: JSONFormat], to program: inout AccessLogProgram, _ headers: inout [LoggedHeader]
    ) throws(AccessLogFormatError) {
        program.append(AccessLogProgram.Step(kind: .enter))
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            var key = ""
            JSONText.write(name, to: &key)
            program.append(AccessLogProgram.Step(kind: .member))
            program.append(literal: key + ":")
            switch value {
            case .object(let inner): try Self.appendFilled(inner, to: &program, &headers)
            case .text(let text): try Self.append(text, of: name, to: &program, &headers)
            }
        }
        program.append(AccessLogProgram.Step(kind: .leave))
    }

    private static func append(
        _ text: String, of name: String, to program: inout AccessLogProgram, _ headers: inout [LoggedHeader]
    ) throws(AccessLogFormatError) {
        do {
            try program.appendValue { (program) throws(AccessLogFormatError) in try program.append(text, headers: &headers) }
        } catch {
            throw AccessLogFormatError(position: error.position, reason: error.reason, key: name)
        }
    }

    /// Appends a whole line.
    package func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) {
        self.program.write(entry, to: &line, header: header)
    }
}
