// SPDX-License-Identifier: Apache-2.0
package import SPIFFE

/// Settings of the control plane's gRPC server. Scope: one process.
package struct XDSServerConfiguration: Sendable, Hashable {
    package var trustDomain: TrustDomain
    /// Plaintext, bearer tokens only; nil for none. Belongs on loopback.
    package var plaintext: ListeningAddress?
    /// TLS with optional client certificates; nil for none.
    package var secure: ListeningAddress?
    /// Bytes; Istio's and gRPC's default, 4 MiB.
    package var maximumMessageSize: Int
    /// Streams of one connection at a time.
    package var maximumStreamsPerConnection: Int
    /// Requests of one stream that wait to be looked at; a client that sends more has its stream ended.
    package var maximumWaitingRequests: Int
    /// How long a connection may be silent before it is probed, and how long the answer may take.
    package var keepaliveTime: Duration
    package var keepaliveTimeout: Duration
    /// For how long listeners and routes wait for a client to warm new clusters.
    package var warmingTime: Duration

    package init(
        trustDomain: TrustDomain,
        plaintext: ListeningAddress?,
        secure: ListeningAddress?,
        maximumMessageSize: Int = 4 * 1024 * 1024,
        maximumStreamsPerConnection: Int = 100,
        maximumWaitingRequests: Int = 256,
        keepaliveTime: Duration = .seconds(5),
        keepaliveTimeout: Duration = .seconds(5),
        warmingTime: Duration = .seconds(2)
    ) {
        self.trustDomain = trustDomain
        self.plaintext = plaintext
        self.secure = secure
        self.maximumMessageSize = maximumMessageSize
        self.maximumStreamsPerConnection = maximumStreamsPerConnection
        self.maximumWaitingRequests = maximumWaitingRequests
        self.keepaliveTime = keepaliveTime
        self.keepaliveTimeout = keepaliveTimeout
        self.warmingTime = warmingTime
    }
}
