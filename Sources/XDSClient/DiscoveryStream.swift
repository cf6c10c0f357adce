// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
import Logging
import Synchronization
import XDSProtocol

/// A stream of one variant: what is wanted and had, and the loop that keeps it open.
final class DiscoveryStream<Variant: DiscoveryVariant, Client: TypeClient & ~Copyable>: DiscoveryStreaming
where Client.Request == Variant.Request {
    private struct State: ~Copyable {
        var machine: AggregatedClientStateMachine<Client>
        /// Requests of the open stream, in order; nil between streams.
        var outbox: AsyncStream<Variant.WireRequest>.Continuation?
        /// Only the first request of a stream names the node.
        var hasNamedNode = false
    }

    private let configuration: DiscoveryClientConfiguration
    private let random: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    init(_ configuration: DiscoveryClientConfiguration, _ random: @escaping @Sendable () -> Double, _ logger: Logger) {
        self.configuration = configuration
        self.random = random
        self.logger = logger
        self.state = Mutex(
            State(machine: AggregatedClientStateMachine(wildcardTypes: configuration.wildcardTypes), outbox: nil))
    }

    func subscribe(to type: ResourceType, names: Set<String>) {
        self.state.withLock { state in
            guard let request = state.machine.namesReplaced(of: type, with: names) else { return }
            self.send(type, request, &state)
        }
    }

    func reconnect() { self.state.withLock { $0.outbox?.finish() } }

    func run(_ handler: some ResourceUpdateHandler) async throws {
        var backoff = self.configuration.backoff
        var attempt = 0
        while !Task.isCancelled {
            let opened = Opened()
            var reason = "stream ended"
            do {
                try await self.runStream(handler, opened, attempt: attempt)
            } catch let error as RPCError {
                reason = "\(error.code): \(error.message)"
            } catch {
                reason = "\(error)"
            }
            let wasOpen = opened.value
            if wasOpen {
                backoff.reset()
            } else {
                attempt = (attempt + 1) % max(1, self.configuration.controlPlane.addresses.count)
            }
            await handler.streamClosed(reason, wasOpen: wasOpen)
            try Task.checkCancellation()
            let delay = backoff.next(random: self.random())
            self.logger.log(
                level: wasOpen ? .info : .warning, "control plane stream closed",
                metadata: ["reason": "\(reason)", "retry-in": "\(delay)"])
            try await Task.sleep(for: delay)
        }
        throw CancellationError()
    }

    private func runStream(_ handler: some ResourceUpdateHandler, _ opened: Opened, attempt: Int) async throws {
        let transport = try ControlPlaneTransport.make(self.configuration.controlPlane, attempt: attempt)
        defer { self.close() }
        let requests = self.open()
        var options = CallOptions.defaults
        options.waitForReady = false
        options.maxResponseMessageBytes = self.configuration.maximumMessageSize
        var metadata: Metadata = [:]
        for header in self.configuration.metadata { metadata.addString(header.value, forKey: header.name) }
        let call = StreamingClientRequest<Variant.WireRequest>(metadata: metadata) { writer in
            for await request in requests { try await writer.write(request) }
        }
        try await withGRPCClient(transport: transport) { client in
            try await client.bidirectionalStreaming(
                request: call, descriptor: Variant.method(self.configuration.scope),
                serializer: ProtobufSerializer<Variant.WireRequest>(),
                deserializer: ProtobufDeserializer<Variant.WireResponse>(), options: options
            ) { response in
                for try await message in response.messages {
                    if opened.open() { await handler.streamOpened() }
                    await self.handle(message, handler)
                }
            }
        }
    }

    private func handle(_ response: Variant.WireResponse, _ handler: some ResourceUpdateHandler) async {
        let typeURL = Variant.typeURL(of: response)
        guard let type = ResourceType(typeURL: typeURL) else {
            self.logger.warning("response of an unknown type", metadata: ["xds.type": "\(typeURL.prefix(256))"])
            return
        }
        let verdict: UpdateVerdict
        do {
            let answer = try Variant.answer(response, type)
            let change = self.state.withLock { $0.machine.received(type, answer) }
            verdict = await handler.apply(
                ResourceUpdate(
                    type: type, upserted: change.upserted, removed: change.removed, systemVersion: answer.version))
        } catch {
            verdict = .rejected(error.message)
        }
        self.state.withLock { state in
            switch verdict {
            case .accepted:
                self.send(type, state.machine.accepted(type), &state)
            case .rejected(let message):
                self.send(
                    type, state.machine.rejected(type, nonce: Variant.nonce(of: response), message: message), &state)
            }
        }
    }

    private func send(_ type: ResourceType, _ request: Variant.Request, _ state: inout State) {
        guard let outbox = state.outbox else { return }
        outbox.yield(Variant.wire(type, request, node: state.hasNamedNode ? nil : self.configuration.node))
        state.hasNamedNode = true
    }

    private func open() -> AsyncStream<Variant.WireRequest> {
        let (requests, outbox) = AsyncStream<Variant.WireRequest>.makeStream()
        self.state.withLock { state in
            state.outbox = outbox
            state.hasNamedNode = false
            for (type, request) in state.machine.streamOpened() { self.send(type, request, &state) }
        }
        return requests
    }

    private func close() {
        self.state.withLock { state in
            state.machine.streamClosed()
            state.outbox?.finish()
            state.outbox = nil
        }
    }
}

/// Whether a stream has brought anything yet.
private final class Opened: Sendable {
    private let state = Atomic(false)

    var value: Bool { self.state.load(ordering: .relaxed) }

    /// True the first time.
    func open() -> Bool { !self.state.exchange(true, ordering: .relaxed) }
}
