// SPDX-License-Identifier: Apache-2.0

/// A request target, without a fragment, taken apart (RFC 9112 3.2).
struct RequestTargetParts {
    let form: TargetForm
    let scheme: TextSlice
    /// Only of the absolute and the authority form.
    let authority: TextSlice?
    let pathAndQuery: TextSlice

    init(_ target: TextSlice, method: HTTPMethod) throws(HTTP1Error) {
        if method == .connect {
            guard Self.isAuthority(target), !target.isEmpty, target.lastIndex(of: 0x3A) != nil else {
                throw HTTP1Error(.invalidTarget)
            }
            self.init(form: .authority, scheme: .empty, authority: target, pathAndQuery: .empty)
        } else if target.hasPrefix("/") {
            self.init(form: .origin, scheme: .empty, authority: nil, pathAndQuery: target)
        } else if target == "*" {
            guard method == .options else { throw HTTP1Error(.invalidTarget) }
            self.init(form: .asterisk, scheme: .empty, authority: nil, pathAndQuery: target)
        } else {
            try self.init(absolute: target)
        }
    }

    private init(form: TargetForm, scheme: TextSlice, authority: TextSlice?, pathAndQuery: TextSlice) {
        self.form = form
        self.scheme = scheme
        self.authority = authority
        self.pathAndQuery = pathAndQuery
    }

    private init(absolute target: TextSlice) throws(HTTP1Error) {
        let schemeLength: Int
        if target.hasPrefix("http://", ignoringCase: true) {
            schemeLength = 4
        } else if target.hasPrefix("https://", ignoringCase: true) {
            schemeLength = 5
        } else {
            throw HTTP1Error(.invalidTarget)
        }
        let rest = target.slice((schemeLength + 3)..<target.count)
        let end = rest.withBytes { bytes in bytes.firstIndex { $0 == 0x2F || $0 == 0x3F } } ?? rest.count
        let authority = rest.slice(0..<end)
        guard !authority.isEmpty, authority.lastIndex(of: 0x3A) != authority.count - 1, Self.isAuthority(authority) else {
            throw HTTP1Error(.invalidTarget)
        }
        let path = rest.slice(end..<rest.count)
        self.init(
            form: .absolute, scheme: target.slice(0..<schemeLength), authority: authority,
            pathAndQuery: path.isEmpty ? "/" : path.hasPrefix("/") ? path : TextSlice("/" + path.string))
    }

    /// Host with an optional port: no user information, no path, no blanks. An empty host is allowed (RFC 9112 3.2).
    static func isAuthority(_ text: TextSlice) -> Bool {
        text.withBytes { bytes in
            var index = 0
            if bytes.first == 0x5B {
                guard let close = bytes.firstIndex(of: 0x5D) else { return false }
                for position in 1..<close where !Self.isAddressByte(bytes[position]) { return false }
                index = close + 1
            } else {
                // Letters, digits, dots and dashes: nearly always all.
                index = ByteSearch.first(in: bytes, from: 0, ByteSearch.unusual, orOne: { _ in true })
                while index < bytes.count, bytes[index] != 0x3A {
                    guard Self.isHostByte(bytes[index]) else { return false }
                    index += 1
                }
            }
            guard index < bytes.count else { return true }
            guard bytes[index] == 0x3A, index > 0, bytes.count - index <= 6 else { return false }
            for position in (index + 1)..<bytes.count where bytes[position] &- 0x30 > 9 { return false }
            return true
        }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39, 0x2D, 0x2E, 0x5F, 0x7E: true
        case 0x21, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x3B, 0x3D: true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x66, 0x41...0x46, 0x30...0x3A, 0x2E, 0x76, 0x25: true
        default: false
        }
    }
}
