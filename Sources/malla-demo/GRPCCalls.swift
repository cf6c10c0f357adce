// SPDX-License-Identifier: Apache-2.0
import GRPCCore
import GRPCNIOTransportHTTP2

/// gRPC calls out of the service, all on one connection to a local port that leads into the mesh (`malla run --upstream`).
struct GRPCCalls: Sendable {
    /// What stands in place of HTTP's status in reports: a call that is OK counts as 200, another by gRPC's own code.
    static let ok = 200

    private let client: GRPCClient<HTTP2ClientTransport.Posix>

    init(host: String, port: Int) throws {
        let config = HTTP2ClientTransport.Posix.Config.defaults { config in
            // The port is there before anybody serves behind it.
            config.backoff.initial = .milliseconds(100)
            config.backoff.max = .seconds(1)
        }
        client = GRPCClient(
            transport: try HTTP2ClientTransport.Posix(
                target: .ipv4(address: host, port: port), transportSecurity: .plaintext, config: config))
    }

    /// Keeps the connection; has to run while calls are made.
    func run() async throws { try await client.runConnections() }

    func answer(within limit: Duration?) async -> OutboundCalls.Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        var options = CallOptions.defaults
        options.waitForReady = false
        options.timeout = limit
        do {
            let answer = try await client.unary(
                request: ClientRequest(message: GRPCMethod.Question()), descriptor: GRPCMethod.answer,
                serializer: JSONMessage<GRPCMethod.Question>(), deserializer: JSONMessage<ServiceAnswer>(), options: options
            ) { try $0.message }
            return OutboundCalls.Outcome(status: Self.ok, body: "", elapsed: clock.now - start, answer: answer)
        } catch let error as RPCError {
            return OutboundCalls.Outcome(
                status: error.code.rawValue, body: "\(error.code): \(error.message)", elapsed: clock.now - start)
        } catch {
            return OutboundCalls.Outcome(status: 0, body: "\(error)", elapsed: clock.now - start)
        }
    }
}
