// SPDX-License-Identifier: Apache-2.0

/// What becomes of requests that are written in doubtful ways.
extension HTTPConnectionManager {
    /// Of the port in a request's host, which goes away before routing.
    package enum HostPort: Sendable, Hashable {
        case kept
        /// Goes away if it is the one that the client came to.
        case removedIfOwn
        case removed
    }

    /// Of `%2F` and `%5C` in a path: a service may take them for slashes where a policy did not.
    package enum EscapedSlashes: Sendable, Hashable { case kept, refused, redirected, unescaped }

    /// Of header names with `_`, which many servers take for `-`.
    package enum Underscores: Sendable, Hashable { case kept, refused, dropped }
}
