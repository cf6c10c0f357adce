// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// A text that is looked for in a peer's bytes, made ready once: comparisons touch neither `String` nor the heap.
package struct BytePattern: Sendable {
    /// In lower case where case is ignored.
    private let bytes: [UInt8]
    private let ignoresCase: Bool

    package init(_ text: String, ignoringCase: Bool) {
        self.bytes = ignoringCase ? text.utf8.map(ASCII.lowercase) : Array(text.utf8)
        self.ignoresCase = ignoringCase
    }

    package var count: Int { self.bytes.count }

    package func isWhole(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count == self.bytes.count && self.matches(text, at: 0)
    }

    package func isPrefix(of text: UnsafeRawBufferPointer) -> Bool {
        text.count >= self.bytes.count && self.matches(text, at: 0)
    }

    package func isSuffix(of text: UnsafeRawBufferPointer) -> Bool {
        text.count >= self.bytes.count && self.matches(text, at: text.count - self.bytes.count)
    }

    package func isContained(in text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= self.bytes.count else { return false }
        for start in 0...(text.count - self.bytes.count) where self.matches(text, at: start) { return true }
        return false
    }

    /// The pattern fits behind `start`.
    private func matches(_ text: UnsafeRawBufferPointer, at start: Int) -> Bool {
        let part = UnsafeRawBufferPointer(rebasing: text[start..<(start + self.bytes.count)])
        return self.bytes.withUnsafeBytes { bytes in
            self.ignoresCase ? ASCII.equalIgnoringCase(part, lowercase: bytes) : TextSlice.isSame(part, bytes)
        }
    }
}
