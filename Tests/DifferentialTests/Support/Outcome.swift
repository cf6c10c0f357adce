// SPDX-License-Identifier: Apache-2.0
import MeshTestKit

/// What a proxy made of a case.
struct Outcome: Hashable, CustomStringConvertible {
    var responses: [RecordedResponse]
    var rest: String
    var isClosed: Bool

    init(frames answer: RawAnswer) {
        let reader = HTTP2AnswerReader(answer)
        self.responses = reader.responses
        self.rest = reader.rest
        self.isClosed = answer.isClosed
    }

    init(_ answer: RawAnswer, isHead: Bool) {
        let reader = ResponseReader(answer, isHead: isHead)
        self.responses = reader.responses
        self.rest = reader.rest
        self.isClosed = answer.isClosed
    }

    var description: String {
        self.responses.map { "\($0)\n" }.joined() + (self.rest.isEmpty ? "" : "(then) \(self.rest.prefix(200))\n")
            + (self.isClosed ? "(closed)" : "(open)")
    }

    /// Statuses, how they ended, and what became of the connection.
    var summary: String {
        let rest = self.rest.isEmpty ? [] : ["then \(self.rest.prefix { !$0.isNewline }.prefix(24))"]
        return (self.responses.map(\.summary) + rest + [self.isClosed ? "closed" : "open"]).joined(separator: ", ")
    }

    /// In what way it is not `other`; nil: in none.
    func difference(to other: Outcome) -> String? {
        guard self != other else { return nil }
        guard self.summary == other.summary else { return "\(self.summary) → \(other.summary)" }
        let pairs = zip(self.responses, other.responses)
        let parts =
            (pairs.contains { $0.statusLine != $1.statusLine } ? ["status line"] : [])
            + (pairs.contains { $0.headers != $1.headers } ? ["head"] : [])
            + (pairs.contains { $0.body != $1.body } ? ["body"] : [])
        return "\(self.summary): \(parts.isEmpty ? "what follows" : parts.joined(separator: " and "))"
    }
}
