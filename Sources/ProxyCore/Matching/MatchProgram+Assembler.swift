// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyModel

extension MatchProgram {
    /// Turns expressions into steps, from the last one to the first, so that every step knows where to go on.
    struct Assembler {
        private(set) var steps: [Step] = []
        private(set) var bytes: [UInt8] = []
        private(set) var programs: [RegexProgram] = []
        private(set) var addresses: [(of: Address, range: AddressRange)] = []
        private(set) var ranges: [(low: Int64, high: Int64)] = []
        private(set) var shares: [Fraction] = []

        /// - Returns: where to begin. The outcome behind the last expression's says that none holds.
        mutating func assemble(_ expressions: [MatchExpression]) throws(RegexError) -> Int32 {
            var next = ~Int32(clamping: expressions.count)
            for (index, expression) in expressions.enumerated().reversed() {
                next = try self.emit(expression, ifTrue: ~Int32(clamping: index), ifFalse: next)
            }
            return next
        }

        /// - Returns: where the expression begins.
        private mutating func emit(_ expression: MatchExpression, ifTrue: Int32, ifFalse: Int32) throws(RegexError) -> Int32 {
            switch expression {
            case .constant(let holds): return holds ? ifTrue : ifFalse
            case .not(let inner): return try self.emit(inner, ifTrue: ifFalse, ifFalse: ifTrue)
            case .all(let list):
                var next = ifTrue
                for inner in list.reversed() { next = try self.emit(inner, ifTrue: next, ifFalse: ifFalse) }
                return next
            case .oneOf(let list):
                var next = ifFalse
                for inner in list.reversed() { next = try self.emit(inner, ifTrue: ifTrue, ifFalse: next) }
                return next
            case .condition(let condition):
                var step = try self.step(condition)
                step.ifTrue = ifTrue
                step.ifFalse = ifFalse
                self.steps.append(step)
                return Int32(clamping: self.steps.count - 1)
            }
        }

        private mutating func step(_ condition: MatchCondition) throws(RegexError) -> Step {
            switch condition {
            case .header(let match): return try self.header(match)
            case .path(let text): return try self.text(text, of: .path)
            case .routePath(let path, let ignoringCase): return try self.route(path, ignoringCase)
            case .queryParameter(let match):
                var step = Step(subject: .queryParameter)
                if case .text(let text) = match.condition { step = try self.text(text, of: .queryParameter) }
                step.name = self.part(match.name.utf8)
                return step
            case .serverName(let text): return try self.text(text, of: .serverName)
            case .authenticated(let text?): return try self.text(text, of: .certificateName)
            case .authenticated(nil): return Step(subject: .certificate)
            case .address(let which, let range):
                self.addresses.append((which, range))
                return Step(subject: .address, operand: self.addresses.count - 1)
            case .destinationPort(let low, let high):
                self.ranges.append((Int64(low), Int64(high)))
                return Step(subject: .destinationPort, operand: self.ranges.count - 1)
            case .share(let share):
                self.shares.append(share)
                return Step(subject: .share, operand: self.shares.count - 1)
            }
        }

        private mutating func header(_ match: HeaderMatch) throws(RegexError) -> Step {
            let subject: Subject =
                switch match.name {
                case ":path": .pathAndQuery
                case ":method": .method
                case ":authority", "host": .authority
                case ":scheme": .scheme
                default: .header
                }
            var step = Step(subject: subject)
            switch match.condition {
            case .present(let wanted): step.comparison = wanted ? .present : .absent
            case .text(let text): step = try self.text(text, of: subject)
            case .range(let low, let high):
                self.ranges.append((low, high))
                step.comparison = .range
                step.operand = self.ranges.count - 1
            }
            step.inverts = match.inverts
            step.missingIsEmpty = match.treatsMissingAsEmpty
            if subject == .header {
                let name = HeaderName(match.name)
                step.known = name.known
                step.name = self.part(name.bytes)
            }
            return step
        }

        /// The prefix looks at the query too, as Envoy's.
        private mutating func route(_ path: RouteMatch.Path, _ ignoringCase: Bool) throws(RegexError) -> Step {
            switch path {
            case .prefix(let text): return try self.text(.prefix(text, ignoringCase: ignoringCase), of: .routeTarget)
            case .exact(let text): return try self.text(.exact(text, ignoringCase: ignoringCase), of: .routePath)
            case .regex(let pattern): return try self.text(.regex(pattern), of: .routePath)
            case .connect: return Step(subject: .connect)
            case .segmentPrefix(let text):
                var step = try self.text(.prefix(text, ignoringCase: ignoringCase), of: .routePath)
                step.comparison = .segmentPrefix
                return step
            }
        }

        private mutating func text(_ match: TextMatch, of subject: Subject) throws(RegexError) -> Step {
            var step = Step(subject: subject)
            let text: String
            switch match {
            case .exact(let whole, let ignoringCase): (step.comparison, text, step.ignoresCase) = (.whole, whole, ignoringCase)
            case .prefix(let prefix, let ignoringCase): (step.comparison, text, step.ignoresCase) = (.prefix, prefix, ignoringCase)
            case .suffix(let suffix, let ignoringCase): (step.comparison, text, step.ignoresCase) = (.suffix, suffix, ignoringCase)
            case .contains(let part, let ignoringCase): (step.comparison, text, step.ignoresCase) = (.contained, part, ignoringCase)
            case .regex(let pattern):
                self.programs.append(try RegexProgram(pattern))
                step.comparison = .regex
                step.operand = self.programs.count - 1
                return step
            }
            step.pattern = step.ignoresCase ? self.part(text.utf8.map(ASCII.lowercase)) : self.part(text.utf8)
            return step
        }

        private mutating func part(_ bytes: some Collection<UInt8>) -> Part {
            let start = self.bytes.count
            self.bytes += bytes
            return Part(start: Int32(clamping: start), count: Int32(clamping: bytes.count))
        }
    }
}
