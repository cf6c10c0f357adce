// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProxyCore

@Suite struct IPEndpointTests {
    @Test(
        arguments: [
            ("1.2.3.4:80", IPEndpoint(bytes: [1, 2, 3, 4], port: 80)),
            ("[::1]:65535", IPEndpoint(bytes: [UInt8](repeating: 0, count: 15) + [1], port: 65535)), ("", nil), ("1.2.3.4", nil),
            ("1.2.3.4:", nil), ("1.2.3.4:65536", nil), ("1.2.3.4:+1", nil), ("::1:80", nil), ("[1.2.3.4]:80", nil),
            ("name:80", nil), ("[::1]80", nil),
        ] as [(String, IPEndpoint?)])
    func `an address with its port is read`(text: String, expected: IPEndpoint?) { #expect(IPEndpoint(text) == expected) }
}
