// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation

/// The small services of the demo: one program, role by argument. It knows nothing of the mesh but `http_proxy`.
@main
struct Main: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "malla-demo",
        abstract: "One of the demo's services: plain HTTP on 127.0.0.1:$PORT, JSON answers, knobs to make it fail or be slow."
    )

    @Argument(help: "gateway, auth-service, order-service, user-service, payment-service, or load.")
    var role: Role

    @Option(name: .customLong("revision"), help: "What the service says it is.")
    var revision: String = "v1"

    @Option(help: "Port on 127.0.0.1; without it the environment's PORT.")
    var port: Int?

    @Option(help: "For `load`: the URL it asks for.")
    var target: String = "http://gateway:8080/checkout"

    @Option(help: "For `load`: requests per second.")
    var rate: Double = 10

    @Option(help: "127.0.0.1:PORT that leads to payment-service's gRPC port: charge by gRPC instead of HTTP.")
    var payments: String?

    /// Of the service, not of this process: `malla run` says where that is to listen.
    private static let grpcPort = 9090

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let port = port ?? environment["PORT"].flatMap({ Int($0) }), (0...65535).contains(port) else {
            throw ValidationError("set --port or PORT to a port number")
        }
        var calls = OutboundCalls(proxy: OutboundProxy(environment: environment))
        calls.grpc = try payments.map { text in
            let parts = text.split(separator: ":")
            guard parts.count == 2, let port = Int(parts[1]) else { throw ValidationError("--payments takes HOST:PORT") }
            return try GRPCCalls(host: String(parts[0]), port: port)
        }
        let behaviour = ServiceBehaviour()
        let service = DemoService(role: role, revision: revision, behaviour: behaviour, calls: calls)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await DemoServer(port: port, service: service).run() }
            if let port = environment["MALLA_PORT_\(Self.grpcPort)"].flatMap({ Int($0) }) {
                group.addTask { try await GRPCService(service: service).run(port: port) }
            }
            if let grpc = calls.grpc { group.addTask { try await grpc.run() } }
            if role == .load {
                let load = LoadGenerator(target: target, rate: rate, calls: calls, behaviour: behaviour)
                group.addTask { try await load.run() }
            }
            try await group.next()
            group.cancelAll()
        }
    }
}
