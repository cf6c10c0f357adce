// SPDX-License-Identifier: Apache-2.0
package import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A run of a peer's bytes, read as text without making a `String` of it.
package struct TextSlice: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let buffer: ByteBuffer

    package init(_ buffer: ByteBuffer) { self.buffer = buffer }

    package init(_ text: String) { self.buffer = ByteBuffer(string: text) }

    package init(stringLiteral value: String) { self.init(value) }

    package static let empty = TextSlice(ByteBuffer())

    package var count: Int { self.buffer.readableBytes }
    package var isEmpty: Bool { self.buffer.readableBytes == 0 }
    package var string: String { String(buffer: self.buffer) }
    package var description: String { self.string }

    @inlinable
    @inline(__always)
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try self.buffer.withUnsafeReadableBytes(body)
    }

    /// `withBytes` for the answers that are asked for on every request: a generic function of another module is not specialised.
    package func ask(_ body: (UnsafeRawBufferPointer) -> Bool) -> Bool { self.buffer.withUnsafeReadableBytes { body($0) } }
    package func ask(_ body: (UnsafeRawBufferPointer) -> Int) -> Int { self.buffer.withUnsafeReadableBytes { body($0) } }
    package func ask(_ body: (UnsafeRawBufferPointer) -> Int?) -> Int? { self.buffer.withUnsafeReadableBytes { body($0) } }

    /// The part `range` of it, counted in bytes; empty where the range does not fit.
    package func slice(_ range: Range<Int>) -> TextSlice {
        guard let part = self.buffer.getSlice(at: self.buffer.readerIndex + range.lowerBound, length: range.count) else {
            return .empty
        }
        return TextSlice(part)
    }

    package func firstIndex(of byte: UInt8) -> Int? { self.withBytes { bytes in bytes.firstIndex(of: byte) } }
    package func lastIndex(of byte: UInt8) -> Int? { self.withBytes { bytes in bytes.lastIndex(of: byte) } }

    package static func == (text: TextSlice, other: String) -> Bool {
        var other = other
        return text.withBytes { bytes in
            other.withUTF8 { Self.isSame(bytes, UnsafeRawBufferPointer($0)) }
        }
    }

    package static func isSame(_ one: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        let count = one.count
        guard count == other.count, let start = one.baseAddress, let otherStart = other.baseAddress else {
            return count == other.count
        }
        guard count <= 32 else { return memcmp(start, otherStart, count) == 0 }
        // Words, of which the last overlaps the one before: less than the call of a function.
        func differ<Word: FixedWidthInteger>(at place: Int, _: Word.Type) -> Bool {
            start.loadUnaligned(fromByteOffset: place, as: Word.self)
                != otherStart.loadUnaligned(fromByteOffset: place, as: Word.self)
        }
        if count >= 8 {
            var place = 0
            while place <= count - 8 {
                if differ(at: place, UInt64.self) { return false }
                place += 8
            }
            return !differ(at: count - 8, UInt64.self)
        }
        if count >= 4 { return !differ(at: 0, UInt32.self) && !differ(at: count - 4, UInt32.self) }
        if count >= 2 { return !differ(at: 0, UInt16.self) && !differ(at: count - 2, UInt16.self) }
        return count == 0 || !differ(at: 0, UInt8.self)
    }

    package static func != (text: TextSlice, other: String) -> Bool { !(text == other) }

    package func equalsIgnoringCase(_ other: String) -> Bool {
        var other = other
        return self.withBytes { bytes in
            other.withUTF8 { ASCII.equalIgnoringCase(bytes, UnsafeRawBufferPointer($0)) }
        }
    }

    package func hasPrefix(_ prefix: String, ignoringCase: Bool = false) -> Bool {
        self.matches(prefix, ignoringCase: ignoringCase) { bytes, count in UnsafeRawBufferPointer(rebasing: bytes.prefix(count)) }
    }

    package func hasSuffix(_ suffix: String, ignoringCase: Bool = false) -> Bool {
        self.matches(suffix, ignoringCase: ignoringCase) { bytes, count in UnsafeRawBufferPointer(rebasing: bytes.suffix(count)) }
    }

    private func matches(
        _ text: String,
        ignoringCase: Bool,
        part: (UnsafeRawBufferPointer, Int) -> UnsafeRawBufferPointer
    ) -> Bool {
        var text = text
        return self.withBytes { bytes in
            text.withUTF8 { text in
                guard bytes.count >= text.count else { return false }
                let own = part(bytes, text.count)
                return ignoringCase
                    ? ASCII.equalIgnoringCase(own, UnsafeRawBufferPointer(text)) : Self.isSame(own, UnsafeRawBufferPointer(text))
            }
        }
    }

    package func contains(_ needle: String, ignoringCase: Bool = false) -> Bool {
        var needle = needle
        return self.withBytes { bytes in
            needle.withUTF8 { needle in
                guard needle.count > 0 else { return true }
                guard bytes.count >= needle.count else { return false }
                for start in 0...(bytes.count - needle.count) {
                    let own = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + needle.count)])
                    if ignoringCase
                        ? ASCII.equalIgnoringCase(own, UnsafeRawBufferPointer(needle))
                        : Self.isSame(own, UnsafeRawBufferPointer(needle))
                    {
                        return true
                    }
                }
                return false
            }
        }
    }

    /// The value of a text that is nothing but decimal digits and fits.
    package var decimal: Int? { self.withBytes { DecimalText.value($0) } }
}
