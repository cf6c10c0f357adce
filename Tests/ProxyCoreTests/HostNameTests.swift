// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import Testing

@Suite struct HostNameTests {
    @Test(
        arguments: [
            ("a.test", "a.test", false), ("A.Test:8080", "a.test", false), ("a.test.", "a.test.", false), ("", "", false),
            (":80", "", false), ("a:b:1", "a:b", false), ("1.2.3.4", "1.2.3.4", true), ("1.2.3.4:5", "1.2.3.4", true),
            ("[::1]", "::1", true), ("[2001:DB8::1]:443", "2001:db8::1", true), ("1.2.3", "1.2.3", false), ("[", "[", false),
            ("]", "]", false), ("[]", "", false), ("[x]:1", "x", false), ("user@a.test:1", "user@a.test", false),
        ])
    func `the host of an authority`(authority: String, text: String, isAddress: Bool) {
        let host = HostName(authority: authority)
        #expect(host.text == text)
        #expect(host.isAddress == isAddress)
    }
}
