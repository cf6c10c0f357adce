// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension HeaderBlock {
    package func contains(_ known: KnownHeader) -> Bool {
        self.mayHold(known) && self.fields.contains { $0.known == known }
    }

    package func contains(_ name: HeaderName) -> Bool {
        guard self.mayHold(name.known) else { return false }
        return self.fields.contains { self.matches($0, name) }
    }

    package func first(_ known: KnownHeader) -> TextSlice? {
        guard self.mayHold(known) else { return nil }
        for field in self.fields where field.known == known { return self.value(of: field) }
        return nil
    }

    package func first(_ name: HeaderName) -> TextSlice? {
        guard self.mayHold(name.known) else { return nil }
        for field in self.fields where self.matches(field, name) { return self.value(of: field) }
        return nil
    }

    package func count(of name: HeaderName) -> Int {
        self.fields.reduce(0) { self.matches($1, name) ? $0 + 1 : $0 }
    }

    /// All values of a header as one, joined by commas as RFC 9110 5.3 allows; without a copy when there is only one.
    package func combined(_ name: HeaderName) -> TextSlice? {
        guard self.mayHold(name.known) else { return nil }
        var first: TextSlice?
        var text: String?
        for field in self.fields where self.matches(field, name) {
            let value = self.value(of: field)
            if let before = text ?? first?.string {
                text = before + "," + value.string
            } else {
                first = value
            }
        }
        return text.map { TextSlice($0) } ?? first
    }

    /// The same as bytes that are good only during the call; nil if the header is not there.
    ///
    /// - Parameter name: In lower case; not looked at where `known` says which header it is.
    package func withCombined(
        _ known: KnownHeader, name: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> Bool
    ) -> Bool {
        guard self.mayHold(known) else { return body(nil) }
        var found: Field?
        for field in self.fields where self.matches(field, known, name) {
            guard found == nil else {
                // Rare: several fields of the name.
                let whole = self.combined(HeaderName(self.name(of: field).string))
                return (whole ?? .empty).withBytes { body($0) }
            }
            found = field
        }
        guard let found else { return body(nil) }
        return self.withBytes(of: found) { bytes in
            body(UnsafeRawBufferPointer(rebasing: bytes[Int(found.valueStart)..<Int(found.valueEnd)]))
        }
    }

    /// Whether `holds` is true of one of the header's values, as bytes that are good only during the call; nil if the header is
    /// not there.
    ///
    /// - Parameter name: In lower case; not looked at where `known` says which header it is.
    package func anyValue(
        _ known: KnownHeader, name: UnsafeRawBufferPointer, _ holds: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool? {
        guard self.mayHold(known) else { return nil }
        var isThere = false
        for field in self.fields where self.matches(field, known, name) {
            isThere = true
            let found = self.withBytes(of: field) { bytes in
                holds(UnsafeRawBufferPointer(rebasing: bytes[Int(field.valueStart)..<Int(field.valueEnd)]))
            }
            if found { return true }
        }
        return isThere ? false : nil
    }

    /// Whether a name that is not among the known ones begins so; `prefix` is in lower case.
    package func holdsOther(prefix: StaticString) -> Bool {
        guard self.mayHold(.other) else { return false }
        let prefix = UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        return self.fields.contains { field in
            guard field.known == .other, Int(field.nameLength) >= prefix.count else { return false }
            return self.withBytes(of: field) { bytes in
                let start = Int(field.start)
                return ASCII.equalIgnoringCase(
                    UnsafeRawBufferPointer(rebasing: bytes[start..<(start + prefix.count)]), lowercase: prefix)
            }
        }
    }

    package func values(_ name: HeaderName) -> [TextSlice] {
        self.fields.compactMap { self.matches($0, name) ? self.value(of: $0) : nil }
    }

    /// Whether one of the comma-separated members of the header's values is `token`, in any case.
    package func hasToken(_ token: String, in known: KnownHeader) -> Bool {
        guard self.mayHold(known) else { return false }
        var found = false
        self.forEachToken(in: known) { member in
            if member.equalsIgnoringCase(token) { found = true }
        }
        return found
    }

    /// Calls `body` with each non-empty comma-separated member of the header's values, without surrounding blanks.
    package func forEachToken(in known: KnownHeader, _ body: (TextSlice) -> Void) {
        guard self.mayHold(known) else { return }
        for field in self.fields where field.known == known {
            let value = self.value(of: field)
            var start = 0
            while start <= value.count {
                let rest = value.slice(start..<value.count)
                let length = rest.firstIndex(of: 0x2C) ?? rest.count
                let member = rest.slice(0..<length).trimmed
                if !member.isEmpty { body(member) }
                start += length + 1
            }
        }
    }

    /// Every field in order, with its name as it came.
    package func forEach(_ body: (_ name: TextSlice, _ value: TextSlice) -> Void) {
        for field in self.fields { body(self.name(of: field), self.value(of: field)) }
    }

    /// Every field in order, as bytes that are good only during the call.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, KnownHeader) -> Void) {
        self.received.withUnsafeReadableBytes { received in
            self.edits.withUnsafeReadableBytes { edits in
                for field in self.fields {
                    let source = field.origin == .received ? received : edits
                    let name = source[Int(field.start)..<(Int(field.start) + Int(field.nameLength))]
                    let value = source[Int(field.valueStart)..<Int(field.valueEnd)]
                    body(UnsafeRawBufferPointer(rebasing: name), UnsafeRawBufferPointer(rebasing: value), field.known)
                }
            }
        }
    }

    /// For logs and tests.
    package var pairs: [(name: String, value: String)] {
        self.fields.map { (self.name(of: $0).string, self.value(of: $0).string) }
    }
}

extension TextSlice {
    /// Without blanks (space, tab) at either end.
    package var trimmed: TextSlice {
        let range = self.withBytes { bytes -> Range<Int> in
            var start = 0
            var end = bytes.count
            while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
            while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
            return start..<end
        }
        return range.count == self.count ? self : self.slice(range)
    }
}
