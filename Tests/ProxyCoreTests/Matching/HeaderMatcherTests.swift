// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct HeaderMatcherTests {
    private let head = RequestHead(
        target: "/a?b=1", authority: "Shop", headers: [("canary", "true"), ("x-n", "42"), ("x-many", "a"), ("x-many", "b")])

    @Test(arguments: [
        (HeaderMatch(name: "canary", condition: .text(.exact("true", ignoringCase: false))), true),
        (HeaderMatch(name: "canary", condition: .text(.exact("TRUE", ignoringCase: false))), false),
        (HeaderMatch(name: "canary", condition: .text(.exact("TRUE", ignoringCase: true))), true),
        (HeaderMatch(name: "canary", condition: .text(.exact("true", ignoringCase: false)), inverts: true), false),
        (HeaderMatch(name: "missing", condition: .text(.exact("", ignoringCase: false))), false),
        (HeaderMatch(name: "missing", condition: .text(.exact("", ignoringCase: false)), treatsMissingAsEmpty: true), true),
        (HeaderMatch(name: "missing", condition: .text(.prefix("x", ignoringCase: false)), inverts: true), true),
        (HeaderMatch(name: "missing", condition: .present(true)), false),
        (HeaderMatch(name: "missing", condition: .present(false)), true),
        (HeaderMatch(name: "canary", condition: .present(true)), true),
        (HeaderMatch(name: "canary", condition: .present(true), inverts: true), false),
        (HeaderMatch(name: "x-n", condition: .range(40, 43)), true), (HeaderMatch(name: "x-n", condition: .range(0, 42)), false),
        (HeaderMatch(name: "canary", condition: .range(0, 42)), false),
        (HeaderMatch(name: "x-many", condition: .text(.exact("a,b", ignoringCase: false))), true),
        (HeaderMatch(name: ":method", condition: .text(.exact("GET", ignoringCase: false))), true),
        (HeaderMatch(name: ":authority", condition: .text(.exact("shop", ignoringCase: true))), true),
        (HeaderMatch(name: ":path", condition: .text(.suffix("b=1", ignoringCase: false))), true),
        (HeaderMatch(name: ":scheme", condition: .text(.exact("http", ignoringCase: false))), true),
    ])
    func `a header condition holds or not`(match: HeaderMatch, expected: Bool) throws {
        #expect(try HeaderMatcher(match).matches(head, isSecure: false) == expected)
    }

    @Test(arguments: [("a", "1"), ("b", ""), ("c", "x=y"), ("d", nil)] as [(String, String?)])
    func `the first parameter of a name counts`(name: String, expected: String?) {
        #expect(QueryParameterMatcher.value(of: name, in: "a=1&b&c=x=y&a=2")?.string == expected)
    }
}
