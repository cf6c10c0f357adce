// SPDX-License-Identifier: Apache-2.0

/// A request method. Methods are case-sensitive (RFC 9110 9.1).
package enum HTTPMethod: Sendable, Hashable {
    case get, head, post, put, delete, connect, options, trace, patch
    indirect case other(String)

    // The same as comparisons, which would look at names.
    @inlinable package var isConnect: Bool { if case .connect = self { true } else { false } }
    @inlinable package var isHead: Bool { if case .head = self { true } else { false } }

    package init(_ name: String) {
        var name = name
        self = name.withUTF8 { HTTPMethod(UnsafeRawBufferPointer($0)) }
    }

    /// Of the bytes of a token.
    init(_ bytes: UnsafeRawBufferPointer) {
        for method in Self.common {
            let name = method.staticName
            guard name.utf8CodeUnitCount == bytes.count else { continue }
            if bytes.elementsEqual(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)) {
                self = method
                return
            }
        }
        self = .other(String(decoding: bytes, as: UTF8.self))
    }

    /// The method of nearly all requests, and its length, where `bytes` begin with it and a space.
    @inline(__always)
    static func common(startOf bytes: UnsafeRawBufferPointer) -> (HTTPMethod, length: Int)? {
        guard bytes.count >= 8 else { return nil }
        let word = UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self))
        if word >> 32 == 0x4745_5420 { return (.get, 3) }
        if word >> 24 == 0x50_4F53_5420 { return (.post, 4) }
        if word >> 32 == 0x5055_5420 { return (.put, 3) }
        if word >> 24 == 0x48_4541_4420 { return (.head, 4) }
        return nil
    }

    private static let common: [HTTPMethod] = [.get, .post, .put, .delete, .head, .patch, .options, .connect, .trace]

    package var name: String {
        if case .other(let name) = self { return name }
        return self.staticName.description
    }

    /// The name's bytes, without a `String` made of them.
    package func withName<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        if case .other(var name) = self { return name.withUTF8 { body(UnsafeRawBufferPointer($0)) } }
        let name = self.staticName
        return body(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    /// A request without a body says so where one might be expected (RFC 9110 8.6).
    package var usuallyHasBody: Bool {
        switch self {
        case .get, .head, .delete, .connect, .trace: false
        case .post, .put, .patch, .options, .other: true
        }
    }

    /// Empty for `other`.
    var staticName: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .other: ""
        }
    }
}
