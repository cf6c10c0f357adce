// SPDX-License-Identifier: Apache-2.0

/// A whole line of the access log as one flat list of steps, made of numbers alone: what a line writes is asked for without
/// references.
struct AccessLogProgram: Sendable, Hashable {
    struct Step: Sendable, Hashable {
        enum Kind: UInt8 {
            case literal, shortLiteral, header, startTime, field, quote, unquote
            /// Of a JSON format that leaves out what has no value: an object begins, a member of it, the object ends.
            case enter, member, leave
        }

        /// How a value is written, and what stands in its place where there is none.
        enum Style: UInt8 {
            /// `-`.
            case text
            /// Nothing.
            case blank
            /// Of JSON, by itself: `null`.
            case number
            /// Of JSON, between quotation marks: `null`.
            case string
        }

        var kind: Kind
        var style = Style.text
        var field = AccessLogField.wireProtocol
        /// Where a literal begins, the place of a header among the format's, or that of a time among `startTimes`.
        var first: Int32 = 0
        /// Where a literal ends; the place of the header that counts where the first is not there, or -1.
        var second: Int32 = -1
        /// At most so many characters; -1 for all.
        var limit: Int32 = -1
        /// A literal of at most eight bytes, as it lies in memory; `second` is its length.
        var text: UInt64 = 0
    }

    /// All literals, one behind the other.
    private var literals: [UInt8] = []
    private(set) var steps: [Step] = []
    private var startTimes: [StartTimeFormat] = []
    /// Members without a value are left out.
    private var omitsMembers = false

    // MARK: Making

    mutating func append(literal: String) {
        guard !literal.isEmpty else { return }
        let start = self.literals.count
        self.literals += literal.utf8
        let end = Int32(clamping: self.literals.count)
        if let last = self.steps.last, last.kind == .literal, last.second == Int32(clamping: start) {
            self.steps[self.steps.count - 1].second = end
        } else {
            self.steps.append(Step(kind: .literal, first: Int32(clamping: start), second: end))
        }
    }

    mutating func append(_ step: Step) { self.steps.append(step) }

    /// - Returns: Its place.
    mutating func add(_ format: StartTimeFormat) -> Int32 {
        self.startTimes.append(format)
        return Int32(clamping: self.startTimes.count - 1)
    }

    /// A JSON value out of what `build` appends: a lone operator keeps its type (number, null), anything longer is a text.
    mutating func appendValue(_ build: (inout Self) throws(AccessLogFormatError) -> Void) throws(AccessLogFormatError) {
        let place = self.steps.count
        self.steps.append(Step(kind: .quote))
        try build(&self)
        guard self.steps.count == place + 2, var only = self.steps.last, only.kind != .literal else {
            return self.steps.append(Step(kind: .unquote))
        }
        self.steps.removeLast(2)
        only.style = only.kind == .field && only.field.isNumber ? .number : .string
        self.steps.append(only)
    }

    /// To be called when all has been appended: most literals are a blank or a few quotation marks, which are kept in the step.
    mutating func finish() {
        for index in self.steps.indices where self.steps[index].kind == .literal {
            let text = self.literals[Int(self.steps[index].first)..<Int(self.steps[index].second)]
            guard text.count <= 8 else { continue }
            var word: UInt64 = 0
            for (place, byte) in text.enumerated() { word |= UInt64(byte) << UInt64(place * 8) }
            self.steps[index] = Step(kind: .shortLiteral, second: Int32(text.count), text: word.littleEndian)
        }
    }

    /// To be called when all has been appended.
    mutating func omitEmptyText() {
        self.omitsMembers = self.steps.contains { $0.kind == .enter }
        for index in self.steps.indices where self.steps[index].style == .text { self.steps[index].style = .blank }
    }

    // MARK: Writing

    func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer) {
        var quote = 0
        var objects = OpenObjects()
        for index in 0..<self.steps.count {
            let step = self.steps[index]
            switch step.kind {
            case .literal:
                self.literals.withUnsafeBytes { literals in
                    line.append(UnsafeRawBufferPointer(rebasing: literals[Int(step.first)..<Int(step.second)]))
                }
            case .shortLiteral: line.append(word: step.text, count: Int(step.second))
            case .quote:
                line.append(byte: UInt8(ascii: "\""))
                quote = line.count
            case .unquote: Self.unquote(from: quote, in: &line)
            case .enter: objects.enter(&line)
            case .member: objects.member(&line)
            case .leave: objects.leave(&line)
            case .header, .startTime, .field:
                let start = line.count
                if step.style == .string { line.append(byte: UInt8(ascii: "\"")) }
                let value = line.count
                if self.write(step, entry, to: &line, header: header) {
                    if step.limit >= 0, step.style != .number { line.limit(from: value, to: Int(step.limit)) }
                    if step.style == .string { Self.unquote(from: value, in: &line) }
                } else if step.style == .text {
                    line.append(byte: UInt8(ascii: "-"))
                } else if step.style == .blank {
                    // Nothing.
                } else if self.omitsMembers {
                    objects.takeBackMember(&line)
                } else {
                    line.cut(to: start)
                    line.append("null")
                }
            }
        }
    }

    /// False if there is nothing to write.
    @inline(__always)
    private func write(
        _ step: Step, _ entry: borrowing AccessLogEntry, to line: inout LogLine, header: LoggedHeader.Writer
    ) -> Bool {
        switch step.kind {
        case .header:
            if header(Int(step.first), &line) { return true }
            return step.second >= 0 && header(Int(step.second), &line)
        case .startTime:
            self.startTimes[Int(step.first)].write(entry.startTime, to: &line)
            return true
        default: return step.field.write(entry, to: &line)
        }
    }

    /// Ends the JSON string whose first character stands at `start`.
    private static func unquote(from start: Int, in line: inout LogLine) {
        guard !line.isPlain(from: start) else { return line.append(byte: UInt8(ascii: "\"")) }
        var text = ""
        JSONText.write(line.text(from: start), to: &text)
        line.cut(to: start - 1)
        line.append(text: text)
    }
}
