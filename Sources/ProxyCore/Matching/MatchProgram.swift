// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// Conditions on requests and connections as one flat list of steps, made once a snapshot: which of several expressions is the first
/// that holds.
///
/// A step compares some bytes of the request with some bytes of the program and says where to go on, so that asking costs neither
/// memory nor references, however the expressions are nested.
package final class MatchProgram: Sendable {
    enum Subject: UInt8 {
        case path, method, authority, scheme, header, pathAndQuery, queryParameter
        /// Of a route: the path, and the target with its query. Never those of CONNECT.
        case routePath, routeTarget, connect
        case serverName, certificateName, certificate, address, destinationPort, share
    }

    enum Comparison: UInt8 {
        case whole, prefix, suffix, contained, segmentPrefix, regex, range
        /// Whether it is there.
        case present, absent
    }

    /// Which address of a connection.
    enum Address { case direct, remote, destination }

    /// One question. A number below zero in `ifTrue` and `ifFalse` is an outcome: ~its index.
    struct Step {
        var subject: Subject
        var comparison = Comparison.present
        var ignoresCase = false
        var inverts = false
        /// A header that is not there is compared as empty.
        var missingIsEmpty = false
        var known = KnownHeader.other
        /// Of the header or parameter, in `bytes`.
        var name = Part()
        /// In `bytes`.
        var pattern = Part()
        /// Where `comparison` needs more than bytes: a place in the list for it.
        var operand = 0
        var ifTrue: Int32 = 0
        var ifFalse: Int32 = 0
    }

    struct Part {
        var start: Int32 = 0
        var count: Int32 = 0

        @inline(__always)
        func of(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: bytes[Int(self.start)..<(Int(self.start) + Int(self.count))])
        }
    }

    /// What a step may be about: a connection has no request, a response no request line.
    private enum Scope { case request, response, connection }

    private let steps: [Step]
    private let first: Int32
    private let outcomes: Int
    private let bytes: [UInt8]
    private let programs: [RegexProgram]
    private let addresses: [(of: Address, range: AddressRange)]
    private let ranges: [(low: Int64, high: Int64)]
    private let shares: [Fraction]

    init(firstOf expressions: [MatchExpression]) throws(RegexError) {
        var assembler = Assembler()
        self.first = try assembler.assemble(expressions)
        self.outcomes = expressions.count
        self.steps = assembler.steps
        self.bytes = assembler.bytes
        self.programs = assembler.programs
        self.addresses = assembler.addresses
        self.ranges = assembler.ranges
        self.shares = assembler.shares
    }

    /// Conditions on headers that must all hold.
    package convenience init(headers: [HeaderMatch]) throws(RegexError) { try self.init(firstOf: [MatchExpression(headers)]) }

    // MARK: Asking

    /// - Parameter random: Uniform; decides for shares of requests.
    func firstMatch(_ head: RequestHead, peer: PeerFacts, isSecure: Bool, random: UInt64 = 0) -> Int? {
        self.run(head, .request, peer, isSecure, random)
    }

    /// Without a request: conditions on one do not hold.
    func firstMatch(connection peer: PeerFacts) -> Int? { self.run(Self.nobody, .connection, peer, false, 0) }

    /// Whether the only expression holds.
    package func matches(_ head: RequestHead, isSecure: Bool) -> Bool {
        self.run(head, .request, PeerFacts.none, isSecure, 0) != nil
    }

    /// The same for a response, where only headers can be asked for.
    func matches(_ head: ResponseHead) -> Bool {
        let asRequest = RequestHead(
            method: .get, version: head.version, form: .origin, authority: .empty, pathAndQuery: .empty, pathLength: 0,
            headers: head.headers)
        return self.run(asRequest, .response, PeerFacts.none, false, 0) != nil
    }

    private static let nobody = RequestHead(
        method: .get, version: .http11, form: .origin, authority: .empty, pathAndQuery: .empty, pathLength: 0,
        headers: HeaderBlock())

    private func run(_ head: RequestHead, _ scope: Scope, _ peer: PeerFacts, _ isSecure: Bool, _ random: UInt64) -> Int? {
        let last: Int = head.pathAndQuery.ask { target in
            self.steps.withUnsafeBufferPointer { steps in
                self.bytes.withUnsafeBytes { bytes in
                    var next = self.first
                    while next >= 0 {
                        let step = steps[Int(next)]
                        let holds = self.holds(step, head, scope, target, bytes, peer, isSecure, random)
                        next = holds ? step.ifTrue : step.ifFalse
                    }
                    return Int(~next)
                }
            }
        }
        return last < self.outcomes ? last : nil
    }

    @inline(__always)
    private func holds(
        _ step: Step, _ head: RequestHead, _ scope: Scope, _ target: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer,
        _ peer: PeerFacts, _ isSecure: Bool, _ random: UInt64
    ) -> Bool {
        switch step.subject {
        case .serverName, .certificateName, .certificate, .address, .destinationPort: return self.holds(step, bytes, peer)
        case .share: return self.shares[step.operand].includes(random)
        case .header:
            guard scope != .connection else { return false }
            return self.holds(step, of: head.headers, bytes, isResponse: scope == .response)
        default:
            guard scope == .request else { return false }
            return self.holds(step, line: head, target, bytes, isSecure) != step.inverts
        }
    }

    /// Envoy's rules: one of several values is enough, and inverted none may match; a header that is not there matches nothing but
    /// `absent`, also inverted, unless it counts as empty.
    @inline(__always)
    private func holds(
        _ step: Step, of headers: HeaderBlock, _ bytes: UnsafeRawBufferPointer, isResponse: Bool
    ) -> Bool {
        let name = step.name.of(bytes)
        switch step.comparison {
        case .present: return (headers.anyValue(step.known, name: name) { _ in true } != nil) != step.inverts
        case .absent: return (headers.anyValue(step.known, name: name) { _ in true } == nil) != step.inverts
        default: break
        }
        if let holds = headers.anyValue(step.known, name: name, { self.compare($0, step, bytes) }) { return holds != step.inverts }
        guard step.missingIsEmpty, !isResponse else { return false }
        return self.compare(UnsafeRawBufferPointer(start: nil, count: 0), step, bytes) != step.inverts
    }

    /// Of the request line.
    @inline(__always)
    private func holds(
        _ step: Step, line head: RequestHead, _ target: UnsafeRawBufferPointer, _ bytes: UnsafeRawBufferPointer, _ isSecure: Bool
    ) -> Bool {
        switch step.subject {
        case .path: return self.compare(UnsafeRawBufferPointer(rebasing: target[0..<head.pathLength]), step, bytes)
        case .routePath:
            guard !head.method.isConnect else { return false }
            return self.compare(UnsafeRawBufferPointer(rebasing: target[0..<head.pathLength]), step, bytes)
        case .routeTarget:
            guard !head.method.isConnect else { return false }
            return self.compare(target, step, bytes)
        case .connect: return head.method.isConnect
        case .pathAndQuery: return self.compare(target, step, bytes)
        case .method: return head.method.withName { self.compare($0, step, bytes) }
        case .authority: return head.authority.ask { self.compare($0, step, bytes) }
        case .scheme:
            let scheme: StaticString = isSecure ? "https" : "http"
            return self.compare(UnsafeRawBufferPointer(start: scheme.utf8Start, count: scheme.utf8CodeUnitCount), step, bytes)
        case .queryParameter:
            guard head.pathLength < target.count,
                let value = QueryParameters.value(
                    of: step.name.of(bytes), in: UnsafeRawBufferPointer(rebasing: target[(head.pathLength + 1)...]))
            else { return false }
            return self.compare(value, step, bytes)
        case .header, .serverName, .certificateName, .certificate, .address, .destinationPort, .share: return false
        }
    }

    /// Of the connection.
    private func holds(_ step: Step, _ bytes: UnsafeRawBufferPointer, _ peer: PeerFacts) -> Bool {
        switch step.subject {
        case .serverName: return self.compare(peer.serverName, step, bytes)
        case .certificate: return peer.hasCertificate
        case .certificateName:
            // URI names if there are any, else DNS names, else the subject (Envoy's order).
            guard peer.hasCertificate else { return false }
            if !peer.uriNames.isEmpty { return peer.uriNames.contains { self.compare($0, step, bytes) } }
            if !peer.dnsNames.isEmpty { return peer.dnsNames.contains { self.compare($0, step, bytes) } }
            return self.compare(peer.subject, step, bytes)
        case .address:
            let (which, range) = self.addresses[step.operand]
            return peer.address(which).map(range.contains) ?? false
        case .destinationPort:
            let range = self.ranges[step.operand]
            return Int64(peer.destinationPort) >= range.low && Int64(peer.destinationPort) < range.high
        default: return false
        }
    }

    private func compare(_ text: String, _ step: Step, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var text = text
        return text.withUTF8 { self.compare(UnsafeRawBufferPointer($0), step, bytes) }
    }

    private func compare(_ text: UnsafeRawBufferPointer, _ step: Step, _ bytes: UnsafeRawBufferPointer) -> Bool {
        let pattern = step.pattern.of(bytes)
        switch step.comparison {
        case .whole: return text.count == pattern.count && Self.isSame(text, at: 0, pattern, step.ignoresCase)
        case .prefix: return text.count >= pattern.count && Self.isSame(text, at: 0, pattern, step.ignoresCase)
        case .suffix:
            return text.count >= pattern.count && Self.isSame(text, at: text.count - pattern.count, pattern, step.ignoresCase)
        case .segmentPrefix:
            guard text.count >= pattern.count, Self.isSame(text, at: 0, pattern, step.ignoresCase) else { return false }
            return text.count == pattern.count || text[pattern.count] == UInt8(ascii: "/")
        case .contained:
            guard text.count >= pattern.count else { return false }
            for start in 0...(text.count - pattern.count) where Self.isSame(text, at: start, pattern, step.ignoresCase) {
                return true
            }
            return false
        case .regex: return self.programs[step.operand].matchesWhole(text)
        case .range:
            guard let number = Int64(String(decoding: text, as: UTF8.self)) else { return false }
            return number >= self.ranges[step.operand].low && number < self.ranges[step.operand].high
        case .present: return true
        case .absent: return false
        }
    }

    /// `pattern` fits behind `start`, and is in lower case where case is ignored.
    @inline(__always)
    private static func isSame(
        _ text: UnsafeRawBufferPointer, at start: Int, _ pattern: UnsafeRawBufferPointer, _ ignoresCase: Bool
    ) -> Bool {
        let part = UnsafeRawBufferPointer(rebasing: text[start..<(start + pattern.count)])
        return ignoresCase ? ASCII.equalIgnoringCase(part, lowercase: pattern) : TextSlice.isSame(part, pattern)
    }
}
