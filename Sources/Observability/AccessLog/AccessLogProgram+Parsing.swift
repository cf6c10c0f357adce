// SPDX-License-Identifier: Apache-2.0

extension AccessLogProgram {
    /// Appends a text in Envoy's command syntax: `%NAME%`, `%NAME(ARGUMENTS)%`, `%NAME(ARGUMENTS):LIMIT%`, and `%%` for a percent sign.
    ///
    /// - Parameter headers: Of the whole format; those that this text names are added.
    mutating func append(_ text: String, headers: inout [LoggedHeader]) throws(AccessLogFormatError) {
        var literal = ""
        var rest = text[...]
        while let next = rest.first {
            guard next == "%" else {
                literal.append(next)
                rest = rest.dropFirst()
                continue
            }
            let position = text.utf8.count - rest.utf8.count
            rest = rest.dropFirst()
            if rest.first == "%" {
                literal.append("%")
                rest = rest.dropFirst()
                continue
            }
            self.append(literal: literal)
            literal = ""
            self.append(try self.command(&rest, position: position, headers: &headers))
        }
        self.append(literal: literal)
    }

    private mutating func command(
        _ rest: inout Substring, position: Int, headers: inout [LoggedHeader]
    ) throws(AccessLogFormatError) -> Step {
        let name = rest.prefix { ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_" }
        rest = rest.dropFirst(name.count)
        var arguments: Substring?
        if rest.first == "(" {
            guard let close = rest.firstIndex(of: ")") else {
                throw AccessLogFormatError(position: position, reason: "'(' of %\(name) has no ')'")
            }
            arguments = rest[rest.index(after: rest.startIndex)..<close]
            rest = rest[rest.index(after: close)...]
        }
        var limit: Int32 = -1
        if rest.first == ":" {
            let digits = rest.dropFirst().prefix { ("0"..."9").contains($0) }
            guard let number = Int(digits) else {
                throw AccessLogFormatError(position: position, reason: "':' of %\(name) is not followed by a length")
            }
            limit = Int32(clamping: number)
            rest = rest.dropFirst(1 + digits.count)
        }
        guard rest.first == "%" else {
            throw AccessLogFormatError(position: position, reason: "operator '%\(name)' does not end with '%'")
        }
        rest = rest.dropFirst()
        var step = try self.named(name, arguments, position, &headers)
        step.limit = limit
        return step
    }

    private mutating func named(
        _ name: Substring, _ arguments: Substring?, _ position: Int, _ headers: inout [LoggedHeader]
    ) throws(AccessLogFormatError) -> Step {
        switch name {
        case "REQ", "RESP":
            let (first, second) = try Self.headers(arguments, name, position)
            headers.append(LoggedHeader(name: first, isOfResponse: name == "RESP"))
            let place = Int32(clamping: headers.count - 1)
            if let second { headers.append(LoggedHeader(name: second, isOfResponse: name == "RESP")) }
            return Step(kind: .header, first: place, second: second == nil ? -1 : place + 1)
        case "START_TIME":
            let format = try StartTimeFormat(arguments ?? "", position: position + "%START_TIME(".utf8.count)
            return Step(kind: .startTime, first: self.add(format))
        default:
            guard let field = AccessLogField(rawValue: String(name)) else {
                throw AccessLogFormatError(position: position, reason: "unknown operator '%\(name)%'")
            }
            guard arguments == nil else {
                throw AccessLogFormatError(position: position, reason: "operator '%\(name)%' takes no arguments")
            }
            return Step(kind: .field, field: field)
        }
    }

    private static func headers(
        _ arguments: Substring?, _ name: Substring, _ position: Int
    ) throws(AccessLogFormatError) -> (String, String?) {
        let names = (arguments ?? "").split(separator: "?", omittingEmptySubsequences: false)
        guard let first = names.first, names.count <= 2, names.allSatisfy({ !$0.isEmpty }) else {
            throw AccessLogFormatError(
                position: position, reason: "%\(name) needs a header name, or two with '?' between them")
        }
        return (first.lowercased(), names.count == 2 ? names[1].lowercased() : nil)
    }
}
