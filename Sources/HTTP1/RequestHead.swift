// SPDX-License-Identifier: Apache-2.0

/// Everything before a request's body.
///
/// `authority` and `pathAndQuery` are what routing looks at and what is written upstream, whatever form the target had.
/// The `host` header in `headers` always agrees with `authority` (it is absent only if `authority` is empty).
package struct RequestHead: Sendable {
    package let method: HTTPMethod
    package let version: HTTPVersion
    package let form: TargetForm
    package private(set) var authority: TextSlice
    /// Begins with `/`, or is `*`, or is empty for CONNECT. Never holds a fragment.
    package private(set) var pathAndQuery: TextSlice
    /// Where the `?` stands in `pathAndQuery`, else its length.
    package private(set) var pathLength: Int
    package var headers: HeaderBlock

    /// `host` in `headers` must agree with `authority`.
    package init(
        method: HTTPMethod, version: HTTPVersion, form: TargetForm, authority: TextSlice, pathAndQuery: TextSlice,
        pathLength: Int? = nil, headers: HeaderBlock
    ) {
        self.method = method
        self.version = version
        self.form = form
        self.authority = authority
        self.pathAndQuery = pathAndQuery
        self.pathLength = pathLength ?? pathAndQuery.firstIndex(of: 0x3F) ?? pathAndQuery.count
        self.headers = headers
    }

    /// For tests, local calls, and protocols whose heads are lists of pairs. `target` is in origin form.
    package init(
        method: HTTPMethod = .get,
        target: String = "/",
        authority: String,
        headers: [(String, String)] = [],
        version: HTTPVersion = .http11
    ) {
        var block = HeaderBlock()
        block.add("host", authority)
        for (name, value) in headers { block.add(HeaderName(name), value) }
        self.init(
            method: method, version: version, form: .origin, authority: TextSlice(authority), pathAndQuery: TextSlice(target),
            headers: block)
    }

    /// The path's bytes, without a slice made of them.
    @inlinable
    @inline(__always)
    package func withPath<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        self.pathAndQuery.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[0..<self.pathLength])) }
    }

    package var path: TextSlice { self.pathAndQuery.slice(0..<self.pathLength) }

    /// Without the `?`; nil if there is none.
    package var query: TextSlice? {
        guard self.pathLength < self.pathAndQuery.count else { return nil }
        return self.pathAndQuery.slice((self.pathLength + 1)..<self.pathAndQuery.count)
    }

    package mutating func setPathAndQuery(_ value: TextSlice) {
        self.pathAndQuery = value
        self.pathLength = value.firstIndex(of: 0x3F) ?? value.count
    }

    package mutating func setPathAndQuery(_ value: String) { self.setPathAndQuery(TextSlice(value)) }

    package mutating func setAuthority(_ value: TextSlice) {
        self.authority = value
        self.headers.set(.host, value)
    }

    package mutating func setAuthority(_ value: String) { self.setAuthority(TextSlice(value)) }

    /// Whether `text` is a host with an optional port and nothing else.
    package static func isAuthority(_ text: TextSlice) -> Bool { RequestTargetParts.isAuthority(text) }
}
