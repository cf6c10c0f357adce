// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import Proxy

@Suite struct OriginalDestinationTests {
    private func address(_ bytes: [UInt8]) -> String? {
        var raw = OriginalDestination.RawAddress()
        withUnsafeMutableBytes(of: &raw.words) { $0.copyBytes(from: bytes) }
        return raw.socketAddress?.text
    }

    /// As `struct sockaddr_in` and `struct sockaddr_in6` of Linux.
    @Test func `what the kernel writes is read`() {
        let family4 = withUnsafeBytes(of: UInt16(2)) { Array($0) }
        let family6 = withUnsafeBytes(of: UInt16(10)) { Array($0) }
        #expect(self.address(family4 + [0x1F, 0x90, 10, 9, 8, 7]) == "10.9.8.7:8080")
        let flow: [UInt8] = [0, 0, 0, 0]
        #expect(
            self.address(family6 + [0, 80] + flow + [0x20, 1, 0x0D, 0xB8] + [UInt8](repeating: 0, count: 11) + [1])
                == "[2001:db8::1]:80")
        #expect(self.address([1, 0, 0, 80, 1, 2, 3, 4]) == nil)
    }
}
