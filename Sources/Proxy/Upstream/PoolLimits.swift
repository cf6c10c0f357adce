// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What a cluster allows its pools.
struct PoolLimits: Sendable, Hashable {
    /// Per proxy.
    var maximumConnections = Int.max
    /// Per proxy.
    var maximumPending = Int.max
    /// 0: no limit.
    var requestsPerConnection = 0
    /// nil: never.
    var idleTimeout: TimeAmount? = .hours(1)
    /// A connection that is older serves no further request. nil: any age.
    var maximumAge: TimeAmount?
    /// The share of it that each connection may become older, by chance.
    var ageJitter = 0.0

    /// Of a connection that is made now.
    var someAge: TimeAmount? { self.maximumAge.map { $0.lengthened(by: self.ageJitter) } }
}
