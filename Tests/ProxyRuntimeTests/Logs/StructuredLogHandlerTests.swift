// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import Testing

@testable import ProxyRuntime

@Suite struct StructuredLogHandlerTests {
    @Test func `one line, keys sorted, values quoted where they have to be`() {
        let line = StructuredLogHandler.line(
            .warning, "it\u{2019}s so", ["b": "two words", "a": "x=\"1\"\nforged line", "c": "", "d": "plain"], label: "p",
            at: Date(timeIntervalSince1970: 1_800_000_000.5))
        #expect(
            line.hasSuffix(
                " warning p: it\u{2019}s so a=\"x=\\\"1\\\"\\nforged line\" b=\"two words\" c=\"\" d=plain\n"), "\(line)")
        #expect(line.filter { $0 == "\n" }.count == 1)
    }
}
