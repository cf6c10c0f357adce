// SPDX-License-Identifier: Apache-2.0

/// Header names that the proxy itself looks at: recognised once while parsing, compared as one byte afterwards.
package enum KnownHeader: UInt8, Sendable, CaseIterable {
    case other = 0
    case host, connection, contentLength, transferEncoding, keepAlive, proxyConnection, te, trailer, upgrade, expect
    case proxyAuthenticate, proxyAuthorization, http2Settings
    case contentType, userAgent, accept, acceptEncoding, acceptLanguage, authorization, cookie, server, date, location, origin, via
    case requestID, forwardedFor, forwardedProto, forwardedHost, forwardedClientCert
    case attemptCount, upstreamServiceTime, expectedTimeout, upstreamTimeout, perTryTimeout, decoratorOperation, originalPath
    case peerMetadata, peerMetadataID
    case rateLimited
    case grpcStatus, grpcTimeout
    case traceparent, tracestate

    /// In a set of them: there are fewer than 64.
    var bit: UInt64 { 1 << UInt64(self.rawValue) }

    package var name: String { self.staticName.description }

    /// As a text that costs nothing to write.
    package var staticName: StaticString {
        switch self {
        case .other: ""
        case .host: "host"
        case .connection: "connection"
        case .contentLength: "content-length"
        case .transferEncoding: "transfer-encoding"
        case .keepAlive: "keep-alive"
        case .proxyConnection: "proxy-connection"
        case .te: "te"
        case .trailer: "trailer"
        case .upgrade: "upgrade"
        case .expect: "expect"
        case .proxyAuthenticate: "proxy-authenticate"
        case .proxyAuthorization: "proxy-authorization"
        case .http2Settings: "http2-settings"
        case .contentType: "content-type"
        case .userAgent: "user-agent"
        case .accept: "accept"
        case .acceptEncoding: "accept-encoding"
        case .acceptLanguage: "accept-language"
        case .authorization: "authorization"
        case .cookie: "cookie"
        case .server: "server"
        case .date: "date"
        case .location: "location"
        case .origin: "origin"
        case .via: "via"
        case .requestID: "x-request-id"
        case .forwardedFor: "x-forwarded-for"
        case .forwardedProto: "x-forwarded-proto"
        case .forwardedHost: "x-forwarded-host"
        case .forwardedClientCert: "x-forwarded-client-cert"
        case .attemptCount: "x-envoy-attempt-count"
        case .upstreamServiceTime: "x-envoy-upstream-service-time"
        case .expectedTimeout: "x-envoy-expected-rq-timeout-ms"
        case .upstreamTimeout: "x-envoy-upstream-rq-timeout-ms"
        case .perTryTimeout: "x-envoy-upstream-rq-per-try-timeout-ms"
        case .decoratorOperation: "x-envoy-decorator-operation"
        case .originalPath: "x-envoy-original-path"
        case .peerMetadata: "x-envoy-peer-metadata"
        case .peerMetadataID: "x-envoy-peer-metadata-id"
        case .rateLimited: "x-envoy-ratelimited"
        case .grpcStatus: "grpc-status"
        case .grpcTimeout: "grpc-timeout"
        case .traceparent: "traceparent"
        case .tracestate: "tracestate"
        }
    }

    /// Which known header `name` (any case) is. By length first, because few names share one.
    package init(name: UnsafeRawBufferPointer) {
        self = .other
        switch name.count {
        case 2:
            self = Self.match(name, .te) ?? .other
        case 3:
            self = Self.match(name, .via) ?? .other
        case 4:
            self =
                Self.match(name, .host)
                ?? Self.match(name, .date) ?? .other
        case 6:
            self =
                Self.match(name, .expect)
                ?? Self.match(name, .accept)
                ?? Self.match(name, .cookie)
                ?? Self.match(name, .server)
                ?? Self.match(name, .origin) ?? .other
        case 7:
            self =
                Self.match(name, .trailer)
                ?? Self.match(name, .upgrade) ?? .other
        case 8:
            self = Self.match(name, .location) ?? .other
        case 10:
            self =
                Self.match(name, .connection)
                ?? Self.match(name, .keepAlive)
                ?? Self.match(name, .userAgent)
                ?? Self.match(name, .tracestate) ?? .other
        case 11:
            self =
                Self.match(name, .grpcStatus)
                ?? Self.match(name, .traceparent) ?? .other
        case 12:
            self =
                Self.match(name, .contentType)
                ?? Self.match(name, .requestID)
                ?? Self.match(name, .grpcTimeout) ?? .other
        case 13:
            self = Self.match(name, .authorization) ?? .other
        case 14:
            self =
                Self.match(name, .contentLength)
                ?? Self.match(name, .http2Settings) ?? .other
        case 15:
            self =
                Self.match(name, .acceptEncoding)
                ?? Self.match(name, .acceptLanguage)
                ?? Self.match(name, .forwardedFor) ?? .other
        case 16:
            self =
                Self.match(name, .proxyConnection)
                ?? Self.match(name, .forwardedHost) ?? .other
        case 17:
            self =
                Self.match(name, .transferEncoding)
                ?? Self.match(name, .forwardedProto) ?? .other
        case 18:
            self = Self.match(name, .proxyAuthenticate) ?? .other
        case 19:
            self =
                Self.match(name, .proxyAuthorization)
                ?? Self.match(name, .rateLimited) ?? .other
        case 21:
            self =
                Self.match(name, .attemptCount)
                ?? Self.match(name, .originalPath)
                ?? Self.match(name, .peerMetadata) ?? .other
        case 23:
            self = Self.match(name, .forwardedClientCert) ?? .other
        case 24:
            self = Self.match(name, .peerMetadataID) ?? .other
        case 27:
            self = Self.match(name, .decoratorOperation) ?? .other
        case 29:
            self = Self.match(name, .upstreamServiceTime) ?? .other
        case 30:
            self =
                Self.match(name, .expectedTimeout)
                ?? Self.match(name, .upstreamTimeout) ?? .other
        case 38:
            self = Self.match(name, .perTryTimeout) ?? .other
        default: break
        }
    }

    @inline(__always)
    private static func match(_ name: UnsafeRawBufferPointer, _ header: KnownHeader) -> KnownHeader? {
        let text = UnsafeRawBufferPointer(start: header.staticName.utf8Start, count: header.staticName.utf8CodeUnitCount)
        // The last letter tells most names of one length apart.
        guard name.count == text.count, ASCII.lowercase(name[name.count - 1]) == text[text.count - 1] else { return nil }
        return ASCII.equalIgnoringCase(name, lowercase: text) ? header : nil
    }
}
