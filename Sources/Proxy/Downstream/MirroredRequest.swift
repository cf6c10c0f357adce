// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// A copy of a request on its way to another cluster. Nobody waits for it, and its answer is thrown away.
///
/// Never slows down the request that it is a copy of: what its endpoint does not take in time is kept up to a limit, and beyond it
/// the copy is given up.
final class MirroredRequest {
    /// Envoy's default for a connection's buffer.
    private static let bufferLimit = 1 << 20

    private let worker: ProxyWorker
    private let cluster: ClusterState
    private let endpoint: EndpointState
    private let pool: any UpstreamPool
    private let head: RequestHead
    private let body: BodyLength
    private let timeout: TimeAmount?
    private var upstream: (any UpstreamExchange)?
    private var timer: TimerToken?
    /// What is still to be sent.
    private var kept: [ByteBuffer] = []
    private var keptBytes = 0
    private var isComplete = false
    private var isEndSent = false
    private var trailers: HeaderBlock?
    private var status: OutlierResult?
    private var isOver = false

    /// - Parameter timeout: From the end of the request to the end of its answer.
    init(
        worker: ProxyWorker, cluster: ClusterState, endpoint: EndpointState, pool: any UpstreamPool, head: RequestHead,
        body: BodyLength, timeout: TimeAmount?
    ) {
        self.worker = worker
        self.cluster = cluster
        self.endpoint = endpoint
        self.pool = pool
        self.head = head
        self.body = body
        self.timeout = timeout
    }

    /// False where the cluster takes no more requests.
    func start() -> Bool {
        guard self.cluster.counters.take(.requests, limit: self.cluster.cluster.circuitLimits.maxRequests) else { return false }
        self.endpoint.active += 1
        self.endpoint.load.total += 1
        self.cluster.stats.requests &+= 1
        self.pool.acquire(self)
        return true
    }

    func send(_ data: ByteBuffer) {
        guard !self.isOver else { return }
        if let upstream = self.upstream, upstream.isWritable, self.kept.isEmpty { return upstream.send(data) }
        self.kept.append(data)
        self.keptBytes += data.readableBytes
        if self.keptBytes > Self.bufferLimit { self.giveUp() }
    }

    func end(_ trailers: HeaderBlock?) {
        guard !self.isOver, !self.isComplete else { return }
        self.isComplete = true
        self.trailers = trailers
        if let timeout = self.timeout { self.timer = self.worker.timers.schedule(self, .response, after: timeout) }
        self.drain()
    }

    func flush() { self.upstream?.flush() }

    /// The request that it is a copy of is over; what is not whole will never be.
    func originalEnded() { if !self.isComplete { self.giveUp() } }

    private func drain() {
        guard let upstream = self.upstream else { return }
        var sent = 0
        while sent < self.kept.count, upstream.isWritable, !self.isOver {
            let data = self.kept[sent]
            self.keptBytes -= data.readableBytes
            upstream.send(data)
            sent += 1
        }
        // Sending may have ended it.
        guard !self.isOver else { return }
        self.kept.removeFirst(sent)
        if self.isComplete, self.kept.isEmpty, !self.isEndSent {
            self.isEndSent = true
            upstream.end(self.trailers)
        }
        upstream.flush()
    }

    private func giveUp() {
        guard !self.isOver else { return }
        let upstream = self.upstream
        if upstream == nil { self.pool.cancel(self) }
        self.finish(nil)
        upstream?.cancel()
    }

    private func finish(_ result: OutlierResult?) {
        guard !self.isOver else { return }
        self.isOver = true
        self.upstream = nil
        self.kept = []
        self.worker.timers.cancel(&self.timer)
        self.cluster.counters.giveBack(.requests)
        self.endpoint.active -= 1
        self.cluster.stats.requestsEnded &+= 1
        guard let result else { return }
        if result.isSuccess { self.endpoint.load.success += 1 } else { self.endpoint.load.errors += 1 }
        self.cluster.report(self.endpoint, result)
    }
}

extension MirroredRequest: UpstreamWaiter, UpstreamEvents, TimerTarget {
    func connectionReady(_ exchange: any UpstreamExchange) {
        guard !self.isOver else { return exchange.cancel() }
        self.upstream = exchange
        exchange.begin(self.head, body: self.body, events: self)
        self.drain()
    }

    func connectionFailed(_ failure: UpstreamFailure) { self.finish(failure.outlierResult) }

    func upstreamInterim(_ head: ResponseHead) {}

    func upstreamHead(_ head: consuming ResponseHead, body: BodyLength) {
        self.cluster.stats.answered(head.status)
        let status = head.headers.first(.grpcStatus)?.decimal
        self.status = .response(status: head.status, grpcStatus: status.flatMap { UInt32(exactly: $0) })
    }

    func upstreamData(_ data: ByteBuffer) {}
    func upstreamEnd(_ trailers: HeaderBlock?) { self.finish(self.status) }
    func upstreamFailed(_ failure: UpstreamFailure) { self.finish(failure.outlierResult) }
    func upstreamWritabilityChanged(_ isWritable: Bool) { if isWritable { self.drain() } }
    func upstreamReadComplete() {}
    func upstreamInputEnded() {}

    func timerFired(_ kind: TimerKind) {
        self.timer = nil
        self.giveUp()
    }
}
