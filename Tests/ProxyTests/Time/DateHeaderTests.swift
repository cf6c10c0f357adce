// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Proxy

@Suite struct DateHeaderTests {
    @Test(arguments: [
        (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (1_800_000_000, "Fri, 15 Jan 2027 08:00:00 GMT"),
    ])
    func `a time is written as HTTP wants it`(_ seconds: Int64, _ text: String) {
        var header = DateHeader()
        #expect(header.text(at: seconds * 1_000_000_000 + 999_999_999) == text)
        #expect(header.text(at: seconds * 1_000_000_000) == text)
    }
}
