// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProxyCore

@Suite struct RegexProgramTests {
    private func whole(_ pattern: String, _ text: String) throws -> Bool {
        let program = try RegexProgram(pattern)
        return Array(text.utf8).withUnsafeBytes { program.matchesWhole($0) }
    }

    @Test(arguments: [
        ("", "", true), ("", "a", false), ("abc", "abc", true), ("abc", "abcd", false), ("a|bc", "bc", true),
        ("a|bc", "abc", false),
        ("a*", "", true), ("a*", "aaaa", true), ("a+", "", false), ("a?b", "b", true), ("a{2,3}", "aa", true),
        ("a{2,3}", "aaaa", false),
        ("a{2,}", "aaaaa", true), ("a{2}", "a", false), ("a{x", "a{x", true), ("[a-c]+", "abcabc", true), ("[^a-c]+", "xyz", true),
        ("[^a-c]+", "xaz", false), ("[]a]", "]", true), ("[a-]", "-", true), ("[\\d.]+", "1.2.3", true), (".*", "any thing", true),
        ("a.c", "a\nc", false), ("(?s)a.c", "a\nc", true), ("(?i)HeLLo", "hEllO", true), ("a(?i:B)c", "abc", true),
        ("a(?i:B)c", "abC", false),
        ("(?i:a)b", "AB", false), ("\\w+@\\w+\\.com", "me@mesh.com", true), ("^/api/v[0-9]+/.*$", "/api/v12/users", true),
        ("/users/(\\d+)(/.*)?", "/users/42", true), ("/users/(\\d+)(/.*)?", "/users/x", false), ("\\bfoo\\b", "foo", true),
        ("[[:alpha:]]+", "abcXYZ", true), ("\\x41", "A", true), ("(a|b)*c|(a|ab)*c", "abac", true), ("(?:ab)+", "abab", true),
        ("(?P<name>x)y", "xy", true), ("é+", "é", true),
    ])
    func `a pattern matches the whole text or not`(pattern: String, text: String, expected: Bool) throws {
        #expect(try whole(pattern, text) == expected)
    }

    @Test(arguments: [
        "(", ")", "a)", "[a", "*a", "a**", "a{3,2}", "a{1001}", "(?=a)", "(?<!a)b", "\\1", "\\", "\\pL", "(?z)", "[b-a]",
        "[[:nope:]]", "\\xg1",
    ])
    func `a pattern that RE2 refuses is refused with its place`(pattern: String) {
        #expect(throws: RegexError.self) { try RegexProgram(pattern) }
    }

    @Test func `a pattern that grows beyond every measure is refused`() {
        #expect(throws: RegexError.self) { try RegexProgram("((a{100}){100}){100}") }
    }

    @Test func `deep nesting is refused instead of overflowing the stack`() {
        #expect(throws: RegexError.self) { try RegexProgram(String(repeating: "(", count: 100_000)) }
    }

    /// A backtracking engine needs 2^40 steps for this; here the number of steps is the product of the two lengths.
    @Test func `a text made against backtracking costs no more than any other`() throws {
        #expect(try !whole("(a*)*b", String(repeating: "a", count: 40)))
        #expect(try !whole("(a|a)*b", String(repeating: "a", count: 2_000)))
    }

    @Test(arguments: [
        ("a+", "x", "caaat aa", "cxt x"),
        ("^/service/([^/]+)(/.*)$", "\\2/instance/\\1", "/service/foo/v1/api", "/v1/api/instance/foo"),
        ("one", "two", "/xxx/one/yyy/one/zzz", "/xxx/two/yyy/two/zzz"), ("(?i)/xxx/", "/yyy/", "/aaa/XxX/bbb", "/aaa/yyy/bbb"),
        ("b*", "-", "abc", "-a-c-"), ("(x)|y", "[\\1]", "xy", "[x][]"), ("z", "\\0\\0", "azb", "azzb"),
    ])
    func `matches are replaced from the left`(pattern: String, substitution: String, text: String, expected: String) throws {
        let program = try RegexProgram(pattern)
        let result = program.replacingMatches(in: Array(text.utf8), with: Array(substitution.utf8))
        #expect(String(decoding: result, as: UTF8.self) == expected)
    }
}
