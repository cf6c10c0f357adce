// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import Testing

@Suite struct MirrorHostTests {
    @Test(arguments: [
        ("a", "a-shadow"), ("a.b:80", "a.b-shadow:80"), ("10.0.0.1:1", "10.0.0.1-shadow:1"), ("[::1]", "[::1]-shadow"),
        ("[::1]:80", "[::1]-shadow:80"),
    ])
    func `the port stays behind the mark`(_ host: String, _ marked: String) { #expect(MirrorHost.marked(host) == marked) }
}
