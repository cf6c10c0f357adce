// SPDX-License-Identifier: Apache-2.0
package import Logging
package import XDSProtocol

/// A proxy's connection to a control plane: one stream, opened again whenever it ends.
///
/// Lifecycle: `run` until cancelled. What is subscribed and which versions were accepted outlives streams, so a reconnect brings
/// only what changed meanwhile (the delta variant) or is told as that (the other).
package final class DiscoveryClient: Sendable {
    private let stream: any DiscoveryStreaming

    package init(
        configuration: DiscoveryClientConfiguration, random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        logger: Logger
    ) {
        self.stream =
            switch configuration.variant {
            case .delta: DiscoveryStream<DeltaVariant, DeltaClientStateMachine>(configuration, random, logger)
            case .stateOfTheWorld:
                DiscoveryStream<StateOfTheWorldVariant, StateOfTheWorldClientStateMachine>(configuration, random, logger)
            }
    }

    /// Replaces the names that are wanted of a type. May be called from the handler.
    package func subscribe(to type: ResourceType, names: Set<String>) { self.stream.subscribe(to: type, names: names) }

    /// Moves to a new connection that shows the newest credential. Nothing that was received is lost.
    package func reconnect() { self.stream.reconnect() }

    /// Returns only when cancelled.
    package func run(_ handler: some ResourceUpdateHandler) async throws { try await self.stream.run(handler) }
}

/// A stream of either variant.
protocol DiscoveryStreaming: Sendable {
    func subscribe(to type: ResourceType, names: Set<String>)
    func reconnect()
    func run(_ handler: some ResourceUpdateHandler) async throws
}
