// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Foundation
import MeshResources
import NIOCore
import NIOHTTP1
import NIOSSL

/// The resource API as a client sees it: embedded or a real cluster's.
struct APIClient: Sendable {
    /// An answer that arrived, whatever it says.
    struct Answer: Sendable {
        var status: Int
        var tree: ManifestValue
        var warnings: [String]

        var isSuccess: Bool { (200..<300).contains(status) }

        /// As kubectl words it.
        var failure: CommandFailure {
            let reason = tree.string("reason") ?? "\(status)"
            return CommandFailure(.notFine, "error from server (\(reason)): \(tree.string("message") ?? "status \(status)")")
        }
    }

    static let tableType = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

    let configuration: Kubeconfig
    private let http: HTTPClient

    /// Opens a client for the time of `body`.
    static func with<Result>(_ configuration: Kubeconfig, _ body: (APIClient) async throws -> Result) async throws -> Result {
        var settings = HTTPClient.Configuration(tlsConfiguration: try tls(configuration))
        settings.timeout = .init(connect: .seconds(5))
        // Nobody listening is an answer; people should not wait for it.
        settings.connectionPool.retryConnectionEstablishment = false
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: settings)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(APIClient(configuration: configuration, http: http)))
        } catch {
            outcome = .failure(error)
        }
        try? await http.shutdown()
        return try outcome.get()
    }

    func get(_ path: String, query: [String: String] = [:], accept: String = "application/json") async throws -> Answer {
        try await send(.GET, path, query: query, accept: accept)
    }

    func send(
        _ method: HTTPMethod, _ path: String, query: [String: String] = [:], body: ManifestValue? = nil,
        accept: String = "application/json"
    ) async throws -> Answer {
        let response = try await execute(request(method, path, query: query, body: body, accept: accept), timeout: .seconds(30))
        let data: ByteBuffer
        do {
            data = try await response.body.collect(upTo: 256 << 20)
        } catch {
            throw unreachable(error)
        }
        let warnings = response.headers["warning"].map(Self.unquoted)
        let limits = ManifestLimits(inputBytes: 256 << 20, depth: 128, values: .max)
        guard let tree = try? JSONTreeReader.read(Data(data.readableBytesView), limits: limits) else {
            throw CommandFailure(
                .unreachable, "\(configuration.server) does not answer as a Kubernetes API (status \(response.status.code))")
        }
        if response.status == .unauthorized {
            throw CommandFailure(.unreachable, "\(configuration.server) refuses the credential of \(configuration.path)")
        }
        return Answer(status: Int(response.status.code), tree: tree, warnings: warnings)
    }

    /// One JSON document a line, until the server ends it.
    func watch(_ path: String, query: [String: String], accept: String, _ line: (ManifestValue) throws -> Void) async throws {
        var query = query
        query["watch"] = "true"
        let response = try await execute(request(.GET, path, query: query, body: nil, accept: accept), timeout: .hours(2))
        guard response.status == .ok else {
            let data = try await response.body.collect(upTo: 1 << 20)
            let tree = (try? JSONTreeReader.read(Data(data.readableBytesView))) ?? [:]
            throw Answer(status: Int(response.status.code), tree: tree, warnings: []).failure
        }
        var pending = Data()
        var parts = response.body.makeAsyncIterator()
        while let part = try await next(&parts) {
            pending.append(contentsOf: part.readableBytesView)
            while let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                guard let tree = try? JSONTreeReader.read(Data(pending[pending.startIndex..<end])) else {
                    throw CommandFailure(
                        .unreachable, "\(configuration.server) does not answer as a Kubernetes API: not JSON in a watch")
                }
                pending = Data(pending[pending.index(after: end)...])
                try line(tree)
            }
        }
    }

    private func next(_ parts: inout HTTPClientResponse.Body.AsyncIterator) async throws -> ByteBuffer? {
        do {
            return try await parts.next(isolation: #isolation)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
    }

    private func request(_ method: HTTPMethod, _ path: String, query: [String: String], body: ManifestValue?, accept: String)
        -> HTTPClientRequest
    {
        var url = configuration.server + path
        if !query.isEmpty {
            let pairs = query.sorted { $0.key < $1.key }.map { "\(Self.escaped($0.key))=\(Self.escaped($0.value))" }
            url += "?" + pairs.joined(separator: "&")
        }
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers.add(name: "accept", value: accept)
        request.headers.add(name: "user-agent", value: "malla")
        if let token = configuration.token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: JSONTreeWriter.compact(body)))
        }
        return request
    }

    private func execute(_ request: HTTPClientRequest, timeout: TimeAmount) async throws -> HTTPClientResponse {
        do {
            return try await http.execute(request, timeout: timeout)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw unreachable(error)
        }
    }

    private func unreachable(_ error: any Error) -> CommandFailure {
        CommandFailure(
            .unreachable, ConnectionFailure.message(error, server: configuration.server, kubeconfig: configuration.path))
    }

    private static func tls(_ configuration: Kubeconfig) throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            if let authority = configuration.authority {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority)))
            }
            if let chain = configuration.clientCertificate, let key = configuration.clientKey {
                tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(chain)).map { .certificate($0) }
                tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(key), format: .pem))
            }
        } catch {
            throw CommandFailure(
                .unreadableInput, "kubeconfig \(configuration.path): a certificate or key cannot be read: \(error)")
        }
        if configuration.skipsVerification { tls.certificateVerification = .none }
        return tls
    }

    private static func escaped(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// `299 - "text"`
    private static func unquoted(_ warning: String) -> String {
        guard let start = warning.firstIndex(of: "\""), let end = warning.lastIndex(of: "\""), start < end else { return warning }
        return String(warning[warning.index(after: start)..<end]).replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }
}
