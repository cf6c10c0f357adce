// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct MatchProgramTests {
    private let head = RequestHead(
        target: "/a?b=1", authority: "Shop", headers: [("canary", "true"), ("x-n", "42"), ("x-many", "a"), ("x-many", "b")])

    @Test(arguments: [
        (HeaderMatch(name: "canary", condition: .text(.exact("true", ignoringCase: false))), true),
        (HeaderMatch(name: "canary", condition: .text(.exact("TRUE", ignoringCase: false))), false),
        (HeaderMatch(name: "canary", condition: .text(.exact("TRUE", ignoringCase: true))), true),
        (HeaderMatch(name: "canary", condition: .text(.exact("true", ignoringCase: false)), inverts: true), false),
        (HeaderMatch(name: "missing", condition: .text(.exact("", ignoringCase: false))), false),
        (HeaderMatch(name: "missing", condition: .text(.exact("", ignoringCase: false)), treatsMissingAsEmpty: true), true),
        (HeaderMatch(name: "missing", condition: .text(.prefix("x", ignoringCase: false)), inverts: true), false),
        (HeaderMatch(name: "missing", condition: .present(true)), false),
        (HeaderMatch(name: "missing", condition: .present(false)), true),
        (HeaderMatch(name: "canary", condition: .present(true)), true),
        (HeaderMatch(name: "canary", condition: .present(true), inverts: true), false),
        (HeaderMatch(name: "x-n", condition: .range(40, 43)), true), (HeaderMatch(name: "x-n", condition: .range(0, 42)), false),
        (HeaderMatch(name: "canary", condition: .range(0, 42)), false),
        (
            HeaderMatch(
                name: "missing", condition: .text(.prefix("x", ignoringCase: false)), inverts: true, treatsMissingAsEmpty: true),
            true
        ),
        (HeaderMatch(name: "x-many", condition: .text(.exact("a,b", ignoringCase: false))), false),
        (HeaderMatch(name: "x-many", condition: .text(.exact("a", ignoringCase: false))), true),
        (HeaderMatch(name: "x-many", condition: .text(.exact("b", ignoringCase: false))), true),
        (HeaderMatch(name: "x-many", condition: .text(.exact("b", ignoringCase: false)), inverts: true), false),
        (HeaderMatch(name: "x-many", condition: .text(.exact("c", ignoringCase: false)), inverts: true), true),
        (HeaderMatch(name: ":method", condition: .text(.exact("GET", ignoringCase: false))), true),
        (HeaderMatch(name: ":authority", condition: .text(.exact("shop", ignoringCase: true))), true),
        (HeaderMatch(name: ":path", condition: .text(.suffix("b=1", ignoringCase: false))), true),
        (HeaderMatch(name: ":scheme", condition: .text(.exact("http", ignoringCase: false))), true),
    ])
    func `a header condition holds or not`(match: HeaderMatch, expected: Bool) throws {
        #expect(try MatchProgram(headers: [match]).matches(head, isSecure: false) == expected)
    }

    @Test(arguments: [("a", "1"), ("b", ""), ("c", "x=y"), ("d", nil)] as [(String, String?)])
    func `the first parameter of a name counts`(name: String, expected: String?) throws {
        var condition = QueryParameterMatch.Condition.present
        if let expected { condition = .text(.exact(expected, ignoringCase: false)) }
        let program = try MatchProgram(firstOf: [.condition(.queryParameter(QueryParameterMatch(name: name, condition: condition)))]
        )
        #expect(program.matches(RequestHead(target: "/?a=1&b&c=x=y&a=2", authority: "a"), isSecure: false) == (expected != nil))
        #expect(!program.matches(RequestHead(target: "/", authority: "a"), isSecure: false))
    }

    @Test func `a response has headers and no request line`() throws {
        let head = ResponseHead(status: 503, headers: [("x-again", "yes")])
        let isThere = HeaderMatch(name: "x-again", condition: .present(true))
        #expect(try MatchProgram(headers: [isThere]).matches(head))
        #expect(try !MatchProgram(headers: [HeaderMatch(name: ":method", condition: .present(true))]).matches(head))
        let empty = HeaderMatch(
            name: "x-none", condition: .text(.exact("", ignoringCase: false)), treatsMissingAsEmpty: true)
        #expect(try !MatchProgram(headers: [empty]).matches(head))
    }

    @Test func `the flat program says what the tree of conditions says`() throws {
        var random = RandomSource(seed: 7)
        let peer = PeerFacts()
        for _ in 0..<500 {
            let trees = (0..<3).map { _ in Self.tree(&random, depth: 4) }
            let expected = trees.firstIndex { Self.holds($0) }
            let found = try MatchProgram(firstOf: trees).firstMatch(self.head, peer: peer, isSecure: false)
            #expect(found == expected, "\(trees)")
        }
    }

    private static func tree(_ random: inout RandomSource, depth: Int) -> MatchExpression {
        let count = Int(random.next() % 4)
        switch depth == 0 ? random.next() % 2 : random.next() % 5 {
        case 0: return .constant(random.next() % 2 == 0)
        case 1:
            let value = random.next() % 2 == 0 ? "true" : "false"
            return .condition(.header(HeaderMatch(name: "canary", condition: .text(.exact(value, ignoringCase: false)))))
        case 2: return .not(Self.tree(&random, depth: depth - 1))
        case 3: return .all((0..<count).map { _ in Self.tree(&random, depth: depth - 1) })
        default: return .oneOf((0..<count).map { _ in Self.tree(&random, depth: depth - 1) })
        }
    }

    /// The request's `canary` is `true`.
    private static func holds(_ tree: MatchExpression) -> Bool {
        switch tree {
        case .constant(let holds): holds
        case .all(let list): list.allSatisfy { Self.holds($0) }
        case .oneOf(let list): list.contains { Self.holds($0) }
        case .not(let inner): !Self.holds(inner)
        case .condition(.header(let match)): match.condition == .text(.exact("true", ignoringCase: false))
        case .condition: false
        }
    }
}
