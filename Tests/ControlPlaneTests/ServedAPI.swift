// SPDX-License-Identifier: Apache-2.0
import APIServer
import AsyncHTTPClient
import Foundation
import Logging
import MeshCA
import MeshResources
import NIOCore
import NIOHTTP1
import NIOSSL
import ResourceStores
import SPIFFE
import Synchronization

/// The resource API on a port of this process: a store in memory, a certificate authority of its own.
struct ServedAPI: Sendable {
    /// A clock that a test turns.
    final class Clock: Sendable {
        private let offset = Mutex<TimeInterval>(0)
        var now: Date { Date() + offset.withLock { $0 } }
        func advance(days: Double) { offset.withLock { $0 += days * 86400 } }
    }

    static let token = "a-token-of-the-tests"

    let port: Int
    let store: MemoryStore
    let clock: Clock
    private let trustRoots: NIOSSLTrustRoots

    static func with(bodyDeadline: Duration = .seconds(30), _ body: @Sendable (ServedAPI) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "served-api-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let clock = Clock()
        var logger = Logger(label: "test")
        // Hummingbird reports it as an error that a test ends its server by cancellation.
        logger.logLevel = .critical
        let authority = try await MeshCertificateAuthority.open(
            configuration: MeshCAConfiguration(directory: directory), now: { clock.now }, logger: logger)
        let store = MemoryStore()
        let server = HTTPAPIServer(
            routes: ResourceRoutes(store: store, tokens: nil, logger: logger), token: BearerToken(secret: token),
            credentials: authority, host: "127.0.0.1", port: 0, bodyDeadline: bodyDeadline, logger: logger)
        let roots = try NIOSSLCertificate.fromPEMBytes(Array(authority.trustBundle.pemText().utf8))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            guard let port = await server.listeningPort() else { return try await group.next() ?? () }
            let api = ServedAPI(port: port, store: store, clock: clock, trustRoots: .certificates(roots))
            _ = try await api.send("POST", "/api/v1/namespaces", #"{"metadata":{"name":"default"}}"#)
            try await body(api)
            group.cancelAll()
        }
    }

    func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> (status: Int, tree: ManifestValue) {
        var request = HTTPClientRequest(url: "https://localhost:\(port)\(path)")
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = trustRoots
        request.tlsConfiguration = tls
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "authorization", value: "Bearer \(Self.token)")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let data = try await response.body.collect(upTo: 64 << 20)
        return (Int(response.status.code), (try? JSONTreeReader.read(Data(data.readableBytesView))) ?? .null)
    }
}
