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
    package init(text: String) throws(AccessLogFormatError) {
        var program = AccessLogProgram()
        var headers: [LoggedHeader] = []
        try program.append(text, headers: &headers)
        program.finish()
        self.program = program
        self.headers = headers
    }

    package init(json: [String: JSONFormat]) throws(AccessLogFormatError) {
        var program = AccessLogProgram()
        var headers: [LoggedHeader] = []
        try Self.append(json, to: &program, &headers)
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
            case .text(let text):
                do {
                    try program.appendValue { (program) throws(AccessLogFormatError) in
                        try program.append(text, headers: &headers)
                    }
                } catch {
                    throw AccessLogFormatError(position: error.position, reason: error.reason, key: name)
                }
            }
        }
        program.append(literal: before == "{" ? "{}" : "}")
    }

    /// Appends a whole line.
    package func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) {
        self.program.write(entry, to: &line, header: header)
    }
}
