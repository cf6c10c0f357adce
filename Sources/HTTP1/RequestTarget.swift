// SPDX-License-Identifier: Apache-2.0

/// The four forms of a request target (RFC 9112 3.2).
package enum TargetForm: Sendable, Hashable {
    /// `/path?query`
    case origin
    /// `http://host/path?query`, as sent to a forward proxy.
    case absolute
    /// `host:port`, only with CONNECT.
    case authority
    /// `*`, only with OPTIONS.
    case asterisk
}
