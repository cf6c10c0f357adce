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
    @inlinable
    package var bit: UInt64 { 1 << UInt64(self.rawValue) }

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

    var nameBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: self.staticName.utf8Start, count: self.staticName.utf8CodeUnitCount)
    }

    /// Which known header `name` (any case) is.
    package init(name: UnsafeRawBufferPointer) { self = KnownHeaderTable.shared.header(name) }
}
