// SPDX-License-Identifier: Apache-2.0

/// Connections of one event loop to one endpoint of one cluster.
protocol UpstreamPool: AnyObject {
    /// Answers through the waiter, possibly before it returns.
    func acquire(_ waiter: any UpstreamWaiter)
    /// The request no longer waits.
    func cancel(_ waiter: any UpstreamWaiter)
    func update(limits: PoolLimits)
    /// No new requests come: connections close as they become free.
    func retire()
    func closeAll()
    var openConnections: Int { get }
    /// Those that wait for a connection.
    var waiting: Int { get }
}

/// A request that wants a way to an endpoint.
protocol UpstreamWaiter: AnyObject {
    func connectionReady(_ exchange: any UpstreamExchange)
    func connectionFailed(_ failure: UpstreamFailure)
}
