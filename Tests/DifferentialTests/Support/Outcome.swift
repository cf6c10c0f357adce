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
}
