// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel

/// How long and for how much one HTTP/2 connection to an endpoint is used.
struct HTTP2ConnectionLimits: Sendable, Hashable {
    var options = HTTP2Options()
    /// 0: no limit.
    var requests = 0
    /// Without a stream; nil: never.
    var idleTimeout: TimeAmount?
    /// nil: no limit.
    var maximumAge: TimeAmount?
}
