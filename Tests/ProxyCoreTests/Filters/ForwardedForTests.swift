// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import Testing

@Suite struct ForwardedForTests {
    @Test(
        arguments: [
            ("1.2.3.4", 0, "1.2.3.4"), ("1.2.3.4, 5.6.7.8", 0, "5.6.7.8"), ("1.2.3.4 ,\t5.6.7.8", 1, "1.2.3.4"),
            ("a,b,c", 2, "a"), ("a,b,c", 3, nil), ("a", 1, nil), ("", 0, nil), (",", 0, ","), ("a,", 0, "a,"), ("a,", 1, "a"),
            ("a,,b", 1, "a,"), ("a, ", 0, nil),
        ] as [(String, Int, String?)])
    func `the last entry but those that are skipped`(_ list: String, _ skipped: Int, _ entry: String?) {
        #expect(ForwardedFor.address(TextSlice(list), skipping: skipped) == entry)
    }
}
