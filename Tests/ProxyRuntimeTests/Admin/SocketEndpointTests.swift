// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ProxyRuntime

/// Addresses as the admin pages have them.
@Suite struct SocketEndpointTests {
    @Test(
        arguments: [
            ("1.2.3.4:80", "1.2.3.4", 80, #"{"socket_address":{"address":"1.2.3.4","port_value":80}}"#),
            ("[::1]:80", "::1", 80, #"{"socket_address":{"address":"::1","port_value":80}}"#),
            ("/run/a:80", "/run/a:80", 0, #"{"pipe":{"path":"/run/a:80"}}"#),
        ])
    func `what is printed can be read`(text: String, host: String, port: Int, json: String) {
        let endpoint = SocketEndpoint(text)
        #expect(endpoint == SocketEndpoint(host: host, port: port))
        #expect(endpoint.description == text)
        #expect(endpoint.documentTree.json.filter { !$0.isWhitespace } == json)
    }
}
