// SPDX-License-Identifier: Apache-2.0

/// One format text, compiled: literals and operators.
struct AccessLogTemplate: Sendable, Hashable {
    enum Piece: Sendable, Hashable {
        case literal(String)
        /// `limit` is the `:Z` behind an operator: at most so many characters.
        case value(AccessLogOperator, limit: Int?)
    }

    var pieces: [Piece]

    func value(_ piece: Piece, _ entry: AccessLogEntry, _ request: any HeaderLookup, _ response: any HeaderLookup)
        -> AccessLogFieldValue
    {
        switch piece {
        case .literal(let text): return .text(text)
        case .value(let kind, let limit):
            let value: AccessLogFieldValue =
                switch kind {
                case .requestHeader(let name, let alternative): Self.header(request, name, alternative)
                case .responseHeader(let name, let alternative): Self.header(response, name, alternative)
                case .startTime(let format): .text(format.text(entry.startTime))
                case .field(let field): field.value(entry)
                }
            guard let limit, case .text(let text) = value else { return value }
            return .text(String(text.prefix(limit)))
        }
    }

    private static func header(_ headers: any HeaderLookup, _ name: String, _ alternative: String?) -> AccessLogFieldValue {
        AccessLogFieldValue(headers.headerValue(name) ?? alternative.flatMap(headers.headerValue))
    }

    func text(_ entry: AccessLogEntry, _ request: any HeaderLookup, _ response: any HeaderLookup) -> String {
        var text = ""
        for piece in self.pieces {
            switch self.value(piece, entry, request, response) {
            case .text(let value): text += value
            case .number(let number): text += String(number)
            case .absent: text += "-"
            }
        }
        return text
    }
}
