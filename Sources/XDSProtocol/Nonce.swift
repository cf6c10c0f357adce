// SPDX-License-Identifier: Apache-2.0

/// Names one response on one stream; the client's answer repeats it.
package struct Nonce: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    package var description: String { self.text }
}

/// Hands out the nonces of one stream.
struct NonceSequence: Sendable {
    private var last: UInt64 = 0

    mutating func next() -> Nonce {
        self.last &+= 1
        return Nonce(String(self.last, radix: 16))
    }
}
