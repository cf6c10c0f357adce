// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import GRPCCore
import Logging
import SPIFFE
import SwiftProtobuf
import XDSProtocol

/// One discovery stream: reads requests into its queue, feeds the state machine, and does what that says, in order.
struct ClientSession<Variant: DiscoveryVariant, Subscription: TypeSubscription & ~Copyable>: Sendable
where Subscription.Request == Variant.Request, Subscription.Push == Variant.Push {
    typealias Queue = PushQueue<Variant.Request>
    typealias Messages = RPCAsyncSequence<Variant.WireRequest, any Error>

    let policy: SessionPolicy
    let identity: SPIFFEID

    /// Ends when the client is done, when the server goes down, or with the first error of either side.
    func run(_ messages: Messages, writer: RPCWriter<Variant.WireResponse>) async throws {
        let queue = Queue(maximumRequests: self.policy.maximumWaitingRequests)
        let (admitted, admission) = AsyncStream<ConnectedProxy>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer {
                    admission.finish()
                    queue.end(.finished)
                }
                try await self.read(messages, into: queue, admission)
            }
            group.addTask {
                for await proxy in admitted { try await self.serve(proxy, queue, writer) }
            }
            do {
                try await group.waitForAll()
            } catch {
                queue.end(.finished)
                group.cancelAll()
                throw error
            }
        }
    }

    /// The first message says who speaks; the rest of the stream belongs to that proxy.
    private func read(
        _ messages: Messages, into queue: Queue, _ admission: AsyncStream<ConnectedProxy>.Continuation
    ) async throws {
        var isAdmitted = false
        for try await message in messages {
            if !isAdmitted {
                admission.yield(try self.admit(message))
                admission.finish()
                isAdmitted = true
            }
            guard let type = ResourceType(typeURL: Variant.typeURL(of: message)) else {
                self.policy.logger.debug(
                    "request for a type that is not served",
                    metadata: ["xds.type": "\(Variant.typeURL(of: message).prefix(256))"])
                continue
            }
            queue.enqueue(type, Variant.request(message))
            if let ending = queue.ending { throw Self.status(of: ending) }
        }
    }

    private func admit(_ message: Variant.WireRequest) throws -> ConnectedProxy {
        guard let node = Variant.node(of: message) else {
            throw RPCError(code: .invalidArgument, message: "the first request of a stream has to name its node")
        }
        if let refusal = self.policy.refusal(node, self.identity) {
            self.policy.metrics.authenticationFailed()
            self.policy.logger.warning(
                "node refused", metadata: ["xds.node": "\(node.id.prefix(256))", "reason": "\(refusal)"])
            throw RPCError(code: .permissionDenied, message: refusal)
        }
        return ConnectedProxy(
            connectionID: self.policy.registry.nextID(), node: node, identity: self.identity, isDelta: Variant.isDelta)
    }

    private func serve(_ proxy: ConnectedProxy, _ queue: Queue, _ writer: RPCWriter<Variant.WireResponse>) async throws {
        let status = ProxyStatus(proxy: proxy, connectedAt: self.policy.now())
        let isAdded = self.policy.registry.add(
            status, pushNeeded: { queue.pushNeeded() }, shutdown: { queue.end(.shutdown) })
        guard isAdded else { throw Self.status(of: .shutdown) }
        self.policy.metrics.connected()
        self.policy.logger.info(
            "proxy connected",
            metadata: [
                "xds.node": "\(proxy.nodeID)", "peer.principal": "\(proxy.identity.principal)",
                "xds.variant": Variant.isDelta ? "delta" : "sotw",
            ])
        let result: Result<Void, any Error>
        do {
            try await self.policy.source.proxyConnected(proxy)
            try await self.work(proxy, queue, writer)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        self.policy.registry.remove(proxy.connectionID)
        self.policy.metrics.disconnected()
        await self.policy.source.proxyDisconnected(proxy)
        self.policy.logger.info("proxy disconnected", metadata: ["xds.node": "\(proxy.nodeID)"])
        try result.get()
        if let ending = queue.ending, ending != .finished { throw Self.status(of: ending) }
    }

    private func work(_ proxy: ConnectedProxy, _ queue: Queue, _ writer: RPCWriter<Variant.WireResponse>) async throws {
        var machine = AggregatedStreamStateMachine<Subscription>()
        try await withThrowingDiscardingTaskGroup { timers in
            for await _ in queue.wakeUps {
                let work = queue.takeWork()
                var actions: [StreamAction<Variant.Push>] = []
                for (type, request) in work.requests { actions += machine.requestReceived(type, request) }
                for round in work.warmingTimeouts { actions += machine.warmingTimedOut(round: round) }
                let needsResources = actions.contains { if case .fetchResources = $0 { true } else { false } }
                if work.isPushDue || needsResources, let resources = await self.resources(for: proxy) {
                    actions += machine.resourcesReplaced(with: resources)
                }
                for action in actions {
                    try await self.perform(action, proxy, queue, writer, &timers)
                }
            }
            timers.cancelAll()
        }
    }

    private func resources(for proxy: ConnectedProxy) async -> ProxyResources? {
        do {
            return try await self.policy.source.resources(for: proxy)
        } catch {
            self.policy.logger.error(
                "no resources for proxy", metadata: ["xds.node": "\(proxy.nodeID)", "error": "\(error)"])
            return nil
        }
    }

    private func perform(
        _ action: StreamAction<Variant.Push>, _ proxy: ConnectedProxy, _ queue: Queue,
        _ writer: RPCWriter<Variant.WireResponse>, _ timers: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws {
        switch action {
        case .send(let type, let push):
            self.policy.metrics.pushed(type, resources: Variant.resourceCount(push))
            try await writer.write(Variant.response(push, type: type, server: self.policy.serverIdentifier))
        case .fetchResources:
            break
        case .statusChanged(let type, let status):
            await self.report(type, status, proxy)
        case .startWarmingTimer(let round):
            let time = self.policy.warmingTime
            timers.addTask {
                try? await Task.sleep(for: time)
                queue.warmingTimedOut(round: round)
            }
        }
    }

    private func report(_ type: ResourceType, _ status: SubscriptionStatus, _ proxy: ConnectedProxy) async {
        if let rejection = status.rejection, rejection.nonce == status.sentNonce {
            self.policy.metrics.rejected(type)
            self.policy.logger.warning(
                "proxy rejected configuration",
                metadata: [
                    "xds.node": "\(proxy.nodeID)", "xds.type": "\(type.shortName)",
                    "xds.error": "\(rejection.message.prefix(2048))",
                ])
        }
        if let changed = self.policy.registry.update(proxy.connectionID, type, status, at: self.policy.now()) {
            await self.policy.source.proxyStatusChanged(changed)
        }
    }

    private static func status(of ending: Queue.Ending) -> RPCError {
        switch ending {
        case .finished: RPCError(code: .cancelled, message: "stream has ended")
        case .tooManyRequests: RPCError(code: .resourceExhausted, message: "too many requests are waiting")
        case .shutdown: RPCError(code: .unavailable, message: "server is shutting down")
        }
    }
}
