// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension HeaderBlock {
    @inlinable
    package func contains(_ known: KnownHeader) -> Bool {
        guard self.mayHold(known) else { return false }
        return self.withView { view in view.fields.contains { $0.known == known } }
    }

    package func contains(_ name: HeaderName) -> Bool { self.firstField(name) != nil }

    package func first(_ known: KnownHeader) -> TextSlice? {
        guard self.mayHold(known) else { return nil }
        let field = self.withView { view -> Field? in
            for field in view.fields where field.known == known { return field }
            return nil
        }
        return field.map { self.value(of: $0) }
    }

    package func first(_ name: HeaderName) -> TextSlice? { self.firstField(name).map { self.value(of: $0) } }

    /// The first field of this name, and whether there is another.
    func single(_ known: KnownHeader) -> (field: Field?, isDoubled: Bool) {
        guard self.mayHold(known) else { return (nil, false) }
        return self.withView { view in
            var found: Field?
            for field in view.fields where field.known == known {
                guard found == nil else { return (found, true) }
                found = field
            }
            return (found, false)
        }
    }

    private func firstField(_ name: HeaderName) -> Field? {
        guard self.mayHold(name.known) else { return nil }
        return name.bytes.withUnsafeBytes { bytes in
            self.withView { view in
                for field in view.fields where view.matches(field, name.known, bytes) { return field }
                return nil
            }
        }
    }

    package func count(of name: HeaderName) -> Int { self.fields(of: name).count }

    private func fields(of name: HeaderName) -> [Field] {
        guard self.mayHold(name.known) else { return [] }
        return name.bytes.withUnsafeBytes { bytes in
            self.withView { view in view.fields.filter { view.matches($0, name.known, bytes) } }
        }
    }

    /// All values of a header as one, joined by commas as RFC 9110 5.3 allows; without a copy when there is only one.
    package func combined(_ name: HeaderName) -> TextSlice? {
        guard self.mayHold(name.known) else { return nil }
        var first: TextSlice?
        var text: String?
        for field in self.fields(of: name) {
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
    @inlinable
    package func withCombined(
        _ known: KnownHeader, name: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer?) -> Bool
    ) -> Bool {
        guard self.mayHold(known) else { return body(nil) }
        return self.withView { view in
            var found: Field?
            for field in view.fields where view.matches(field, known, name) {
                // Rare: several fields of the name.
                guard found == nil else { return self.joined(field).withBytes { body($0) } }
                found = field
            }
            return body(found.map { view.value(of: $0) })
        }
    }

    /// All values of the name that `field` has.
    package func joined(_ field: Field) -> TextSlice { self.combined(HeaderName(self.name(of: field).string)) ?? .empty }

    /// Whether `holds` is true of one of the header's values, as bytes that are good only during the call; nil if the header is
    /// not there.
    ///
    /// - Parameter name: In lower case; not looked at where `known` says which header it is.
    @inlinable
    package func anyValue(
        _ known: KnownHeader, name: UnsafeRawBufferPointer, _ holds: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool? {
        guard self.mayHold(known) else { return nil }
        return self.withView { view in
            var isThere = false
            for field in view.fields where view.matches(field, known, name) {
                isThere = true
                if holds(view.value(of: field)) { return true }
            }
            return isThere ? false : nil
        }
    }

    /// Whether a name that is not among the known ones begins so; `prefix` is in lower case.
    package func holdsOther(prefix: StaticString) -> Bool {
        guard self.mayHold(.other) else { return false }
        let prefix = UnsafeRawBufferPointer(start: prefix.utf8Start, count: prefix.utf8CodeUnitCount)
        return self.withView { view in
            view.fields.contains { field in
                guard field.known == .other, Int(field.nameLength) >= prefix.count else { return false }
                let start = UnsafeRawBufferPointer(rebasing: view.name(of: field)[..<prefix.count])
                return ASCII.equalIgnoringCase(start, lowercase: prefix)
            }
        }
    }

    package func values(_ name: HeaderName) -> [TextSlice] {
        self.fields(of: name).map { self.value(of: $0) }
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
        let fields = self.withView { view in view.fields.filter { $0.known == known } }
        for field in fields {
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
        self.withView { view in
            for field in view.fields { body(self.name(of: field), self.value(of: field)) }
        }
    }

    /// Every field in order, as bytes that are good only during the call.
    package func forEachField(_ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, KnownHeader) -> Void) {
        self.withView { view in
            for field in view.fields { body(view.name(of: field), view.value(of: field), field.known) }
        }
    }

    /// For logs and tests.
    package var pairs: [(name: String, value: String)] {
        self.withView { view in
            view.fields.map { field in
                (String(decoding: view.name(of: field), as: UTF8.self), String(decoding: view.value(of: field), as: UTF8.self))
            }
        }
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
