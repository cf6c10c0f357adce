// SPDX-License-Identifier: Apache-2.0

import MeshResources
import Testing

/// Regular expressions as RE2 takes them.
@Suite struct RegexSyntaxTests {
    @Test(arguments: [
        "a|b", "^/api/v[0-9]+/.*$", "(?i)abc", "(?P<name>x)", "(?:x)", "[[:alpha:]]+", "[^a-z]", "\\d{2,4}", "\\p{Greek}",
        "a*?b+?c??", ".*", "\\.", "[\\]]", "\\bword\\B", "(?s).", "(?U)a+", "\\x41", "\\x{10FFFF}", "\\Qa.b\\E", "", "(?i:a)b",
        "a{3}",
        "[a\\-z]", "\\A\\z", "(a)(b)", "x{0,1000}", "é+",
    ])
    func `RE2 takes it, so do we`(pattern: String) {
        #expect(RegexSyntax.problem(pattern) == nil)
    }

    @Test(arguments: [
        "(", ")", "a)", "[a", "*", "+a", "?", "a**", "(?=x)", "(?!x)", "(?<=x)", "(?<!x)", "(a)\\1", "\\", "a{2,1}", "x{1001}",
        "[z-a]", "(?P<n",
        "(?P<n>a)(?P<n>b)", "\\p{Nonsense}", "[[:nonsense:]]", "(?>a)", "(?#c)", "\\k<n>", "a++", "\\xZ", "\\h",
    ])
    func `RE2 refuses it, so do we`(pattern: String) {
        #expect(RegexSyntax.problem(pattern) != nil)
    }

    /// Our own proxy could not run them.
    @Test(arguments: ["\\pL", "\\PN", "[]a]"])
    func `RE2 takes it, Swift's engine does not, so we do not`(pattern: String) {
        #expect(RegexSyntax.problem(pattern) != nil)
    }

    @Test func `no pattern makes the check trap`() {
        let alphabet = Array("ab01()[]{}*+?|^$.\\-,:=!<>PpQExdknzi&#~")
        var state: UInt64 = 42
        for _ in 0..<3_000 {
            var pattern = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                pattern.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            _ = RegexSyntax.problem(pattern)
        }
        _ = RegexSyntax.problem(String(repeating: "(", count: 1_024))
        _ = RegexSyntax.problem(String(repeating: "a{1000}", count: 140))
    }
}
