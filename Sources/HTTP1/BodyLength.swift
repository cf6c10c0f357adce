// SPDX-License-Identifier: Apache-2.0

/// How the end of a message's body is found (RFC 9112 6.3), decided once from a head. Everything that two parties could read in
/// two ways is refused.
package enum BodyLength: Sendable, Hashable {
    case none
    case length(Int)
    case chunked
    /// Only responses.
    case untilClose

    package static func of(_ request: RequestHead) throws(HTTP1Error) -> BodyLength {
        let length = try Self.declared(request.headers, version: request.version) ?? .none
        guard request.method == .connect else { return length }
        // What follows is the tunnel's (RFC 9110 9.3.6).
        switch length {
        case .none: return length
        case .chunked: throw HTTP1Error(.unsupportedTransferEncoding)
        case .length, .untilClose: throw HTTP1Error(.bodyInConnect)
        }
    }

    /// - Parameter method: Of the request that is answered.
    package static func of(_ response: ResponseHead, to method: HTTPMethod) throws(HTTP1Error) -> BodyLength {
        if method == .head || response.status < 200 || response.status == 204 || response.status == 304 { return .none }
        if method == .connect, response.status < 300 { return .none }
        return try Self.declared(response.headers, version: response.version) ?? .untilClose
    }

    /// nil if the head says nothing.
    private static func declared(_ headers: HeaderBlock, version: HTTPVersion) throws(HTTP1Error) -> BodyLength? {
        guard headers.mayHold(.transferEncoding) || headers.mayHold(.contentLength) else { return nil }
        var encoding: TextSlice?
        var length: TextSlice?
        for field in headers.fields {
            switch field.known {
            case .transferEncoding:
                guard encoding == nil else { throw HTTP1Error(.duplicateTransferEncoding) }
                encoding = headers.value(of: field)
            case .contentLength:
                guard length == nil else { throw HTTP1Error(.duplicateContentLength) }
                length = headers.value(of: field)
            default: break
            }
        }
        if let encoding {
            guard length == nil else { throw HTTP1Error(.contentLengthWithTransferEncoding) }
            guard version != .http10 else { throw HTTP1Error(.transferEncodingInHTTP10) }
            guard encoding.equalsIgnoringCase("chunked") else { throw HTTP1Error(.unsupportedTransferEncoding) }
            return .chunked
        }
        guard let length else { return nil }
        guard let value = length.decimal, length.count <= 18 else { throw HTTP1Error(.invalidContentLength) }
        return value == 0 ? BodyLength.none : .length(value)
    }
}
