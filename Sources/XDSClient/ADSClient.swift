// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
package import Logging
import SPIFFE
import Synchronization
package import XDSProtocol

/// A proxy's connection to its control plane: one delta stream, opened again whenever it ends.
///
/// Lifecycle: `run` until cancelled. What is subscribed and which versions were accepted outlives streams, so a reconnect brings
/// only what changed meanwhile.
package final class ADSClient: Sendable {
    private struct State: ~Copyable {
        var machine: AggregatedClientStateMachine
        /// Requests of the open stream, in order; nil between streams.
        var outbox: AsyncStream<ADSStream.Request>.Continuation?
    }

    private let configuration: ADSClientConfiguration
    private let credentials: any WorkloadCredentialSource
    private let random: @Sendable () -> Double
    private let logger: Logger
    private let state: Mutex<State>

    package init(
        configuration: ADSClientConfiguration, credentials: any WorkloadCredentialSource,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }, logger: Logger
    ) {
        self.configuration = configuration
        self.credentials = credentials
        self.random = random
        self.logger = logger
        self.state = Mutex(
            State(machine: AggregatedClientStateMachine(wildcardTypes: configuration.wildcardTypes), outbox: nil))
    }

    /// Replaces the names that are wanted of a type. May be called from the handler.
    package func subscribe(to type: ResourceType, names: Set<String>) {
        self.state.withLock { state in
            guard let request = state.machine.namesReplaced(of: type, with: names) else { return }
            state.outbox?.yield(ADSStream.request(type, request))
        }
    }

    /// Moves to a new connection that shows the newest SVID. Nothing that was received is lost or sent again.
    package func credentialRotated() {
        self.state.withLock { $0.outbox?.finish() }
    }

    /// Returns only when cancelled.
    package func run(_ handler: some ResourceUpdateHandler) async throws {
        var backoff = self.configuration.backoff
        while !Task.isCancelled {
            let opened = Opened()
            var reason = "stream ended"
            do {
                try await self.runStream(handler, opened)
            } catch let error as RPCError {
                reason = "\(error.code): \(error.message)"
            } catch {
                reason = "\(error)"
            }
            let hadOpened = opened.value
            if hadOpened { backoff.reset() }
            await handler.streamClosed(reason)
            try Task.checkCancellation()
            let delay = backoff.next(random: self.random())
            self.logger.log(
                level: hadOpened ? .info : .warning, "control plane stream closed",
                metadata: ["reason": "\(reason)", "retry-in": "\(delay)"])
            try await Task.sleep(for: delay)
        }
        throw CancellationError()
    }

    private func runStream(_ handler: some ResourceUpdateHandler, _ opened: Opened) async throws {
        let transport = try self.transport()
        defer { self.close() }
        let requests = self.open()
        var options = CallOptions.defaults
        options.waitForReady = false
        options.maxResponseMessageBytes = self.configuration.maximumMessageSize
        let call = StreamingClientRequest<ADSStream.Request> { writer in
            for await request in requests { try await writer.write(request) }
        }
        try await withGRPCClient(transport: transport) { client in
            try await client.bidirectionalStreaming(
                request: call, descriptor: ADSStream.method, serializer: ProtobufSerializer<ADSStream.Request>(),
                deserializer: ProtobufDeserializer<ADSStream.Response>(), options: options
            ) { response in
                for try await message in response.messages {
                    if opened.open() { await handler.streamOpened() }
                    await self.handle(message, handler)
                }
            }
        }
    }

    private func transport() throws -> HTTP2ClientTransport.Posix {
        let configuration = self.configuration
        if configuration.isPlaintext {
            return try ControlPlaneTransport.plaintext(host: configuration.host, port: configuration.port)
        }
        guard let credential = self.credentials.current else {
            throw XDSClientError(.credential, "there is no certificate yet")
        }
        return try ControlPlaneTransport.make(
            host: configuration.host, port: configuration.port, serverName: configuration.serverName,
            bundle: credential.bundle, credential: credential)
    }

    private func handle(_ response: ADSStream.Response, _ handler: some ResourceUpdateHandler) async {
        guard let type = ResourceType(typeURL: response.typeURL) else {
            self.logger.warning("response of an unknown type", metadata: ["xds.type": "\(response.typeURL.prefix(256))"])
            return
        }
        let update = ADSStream.update(response, type)
        let verdict: UpdateVerdict
        if let fault = ADSStream.envelopeFault(response, type) {
            verdict = .rejected(fault)
        } else {
            verdict = await handler.apply(update)
        }
        self.state.withLock { state in
            let answer: DeltaRequest
            switch verdict {
            case .accepted:
                answer = state.machine.accepted(
                    type, nonce: response.nonce, upserted: update.upserted.map { ($0.name, $0.version) },
                    removed: update.removed)
            case .rejected(let message):
                answer = state.machine.rejected(type, nonce: response.nonce, message: message)
            }
            state.outbox?.yield(ADSStream.request(type, answer))
        }
    }

    private func open() -> AsyncStream<ADSStream.Request> {
        let (requests, outbox) = AsyncStream<ADSStream.Request>.makeStream()
        self.state.withLock { state in
            state.outbox = outbox
            var isFirst = true
            for (type, request) in state.machine.streamOpened() {
                var wire = ADSStream.request(type, request)
                // Only the first request of a stream names the node.
                if isFirst { wire.node = self.configuration.node }
                isFirst = false
                outbox.yield(wire)
            }
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
