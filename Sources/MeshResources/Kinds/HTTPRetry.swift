// SPDX-License-Identifier: Apache-2.0

/// When and how often a failed request is tried again.
package struct HTTPRetry: Sendable, Hashable {
    /// Tries after the first; 0 switches retries off. Nil: the mesh's default (2).
    package var attempts: Int?
    package var perTryTimeout: Duration?
    /// Comma-separated Envoy tokens and status codes.
    package var retryOn: String?
    package var retryRemoteLocalities: Bool?
    package var retryIgnorePreviousHosts: Bool?
    /// Base of the back-off; 25 ms unless set.
    package var backoff: Duration?

    package init(_ tree: ManifestValue) {
        attempts = tree.int("attempts")
        perTryTimeout = tree.duration("perTryTimeout")
        retryOn = tree.string("retryOn")
        retryRemoteLocalities = tree.bool("retryRemoteLocalities")
        retryIgnorePreviousHosts = tree.bool("retryIgnorePreviousHosts")
        backoff = tree.duration("backoff")
    }
}
