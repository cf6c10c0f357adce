// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a message we accept. After one, the connection cannot be used for HTTP any more.
package struct HTTP1Error: Error, Hashable, Sendable {
    package enum Code: Sendable, Hashable {
        case bareLineFeed, bareCarriageReturn, foldedLine, invalidHeaderName, spaceBeforeColon, invalidHeaderValue
        case invalidRequestLine, invalidMethod, invalidTarget, unsupportedVersion, http2Preface
        case missingHost, duplicateHost, invalidHost, fragmentInTarget
        case invalidContentLength, duplicateContentLength, contentLengthWithTransferEncoding
        case bodyInConnect
        case transferEncodingInHTTP10, unsupportedTransferEncoding, duplicateTransferEncoding
        case invalidChunkSize, invalidChunkEnd, chunkLineTooLong, invalidTrailer, trailersTooLarge
        case headTooLarge, tooManyHeaders, targetTooLong
        case invalidStatusLine, closedInMessage
    }

    package let code: Code

    package init(_ code: Code) { self.code = code }

    /// What a client that sent this is told.
    package var status: UInt16 {
        switch self.code {
        case .headTooLarge, .tooManyHeaders, .trailersTooLarge: 431
        case .targetTooLong: 414
        // As Envoy: 505 would say that a lower version is served.
        case .unsupportedVersion, .http2Preface: 426
        case .unsupportedTransferEncoding, .duplicateTransferEncoding: 501
        default: 400
        }
    }

    /// What the answer's body says; empty where Envoy's connection manager answers and not its codec.
    package var text: String {
        switch self.code {
        case .missingHost, .fragmentInTarget: ""
        default: StatusPhrase.phrase(self.status)
        }
    }

    /// For access logs, in the manner of Envoy's response code details.
    package var details: String {
        switch self.code {
        case .headTooLarge, .tooManyHeaders, .trailersTooLarge: "http1.headers_too_large"
        case .targetTooLong: "http1.path_too_long"
        case .http2Preface: "http1.http2_preface"
        case .invalidContentLength, .duplicateContentLength, .contentLengthWithTransferEncoding: "http1.invalid_content_length"
        case .transferEncodingInHTTP10, .unsupportedTransferEncoding, .duplicateTransferEncoding:
            "http1.invalid_transfer_encoding"
        case .bodyInConnect: "http1.body_disallowed"
        case .missingHost, .duplicateHost, .invalidHost: "http1.invalid_host"
        case .invalidTarget, .fragmentInTarget: "http1.invalid_url"
        default: "http1.codec_error"
        }
    }
}
