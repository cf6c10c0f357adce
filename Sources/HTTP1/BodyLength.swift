// SPDX-License-Identifier: Apache-2.0

/// How the end of a message's body is found (RFC 9112 6.3), decided once from a head. Everything that two parties could read in
/// two ways is refused.
package enum BodyLength: Sendable, Hashable {
    case none
    case length(Int)
    case chunked
    /// Only responses.
    case untilClose

    package var isNone: Bool { if case .none = self { true } else { false } }
    package var endsWithConnection: Bool { if case .untilClose = self { true } else { false } }
    package var isChunked: Bool { if case .chunked = self { true } else { false } }

    package static func of(_ request: RequestHead) throws(HTTP1Error) -> BodyLength {
        let length = try Self.declared(request.headers, version: request.version) ?? .none
        guard request.method.isConnect else { return length }
        // What follows is the tunnel's (RFC 9110 9.3.6).
        switch length {
        case .none: return length
        case .chunked: throw HTTP1Error(.unsupportedTransferEncoding)
        case .length, .untilClose: throw HTTP1Error(.bodyInConnect)
        }
    }

    /// - Parameter method: Of the request that is answered.
    package static func of(_ response: ResponseHead, to method: HTTPMethod) throws(HTTP1Error) -> BodyLength {
        if method.isHead || response.status < 200 || response.status == 204 || response.status == 304 { return .none }
        if method.isConnect, response.status < 300 { return .none }
        return try Self.declared(response.headers, version: response.version) ?? .untilClose
    }

    /// Whether an answer that has no body says that it has one: what comes behind it may be that, or another answer.
    package static func isDenied(_ response: ResponseHead) -> Bool {
        guard response.status == 204 else { return false }
        if response.headers.contains(.transferEncoding) { return true }
        guard let length = response.headers.first(.contentLength) else { return false }
        return length.decimal != 0
    }

    /// nil if the head says nothing.
    private static func declared(_ headers: HeaderBlock, version: HTTPVersion) throws(HTTP1Error) -> BodyLength? {
        guard headers.mayHold(.transferEncoding) || headers.mayHold(.contentLength) else { return nil }
        let (encoding, isEncodedTwice) = headers.single(.transferEncoding)
        guard !isEncodedTwice else { throw HTTP1Error(.duplicateTransferEncoding) }
        let (length, hasTwoLengths) = headers.single(.contentLength)
        guard !hasTwoLengths else { throw HTTP1Error(.duplicateContentLength) }
        if let encoding {
            guard length == nil else { throw HTTP1Error(.contentLengthWithTransferEncoding) }
            guard version != .http10 else { throw HTTP1Error(.transferEncodingInHTTP10) }
            guard headers.value(of: encoding).equalsIgnoringCase("chunked") else {
                throw HTTP1Error(.unsupportedTransferEncoding)
            }
            return .chunked
        }
        guard let length else { return nil }
        let (value, digits) = headers.withView { view in
            let text = view.value(of: length)
            return (DecimalText.value(text), text.count)
        }
        guard let value, digits <= 18 else { throw HTTP1Error(.invalidContentLength) }
        return value == 0 ? BodyLength.none : .length(value)
    }
}
