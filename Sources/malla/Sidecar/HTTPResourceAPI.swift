// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// The API server over HTTPS, with the kubeconfig's bearer token and certificate authority.
package struct HTTPResourceAPI: ResourceAPI {
    private let location: ControlPlaneLocation
    private let tls: TLSConfiguration

    package init(_ location: ControlPlaneLocation) throws {
        self.location = location
        var tls = TLSConfiguration.makeClientConfiguration()
        do {
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(location.authority)))
        } catch {
            throw RunFailure("\(location.kubeconfig): certificate-authority-data is not a list of certificates in PEM")
        }
        self.tls = tls
    }

    package func get(_ path: String) async throws -> Data? {
        let (status, body) = try await send(.GET, path)
        if status == 404 { return nil }
        try check(status, body, path)
        return body
    }

    package func create(_ object: Data, in collection: String) async throws -> Bool {
        let (status, body) = try await send(.POST, collection, object)
        if status == 409 { return false }
        try check(status, body, collection)
        return true
    }

    package func replace(_ path: String, with object: Data) async throws {
        let (status, body) = try await send(.PUT, path, object)
        try check(status, body, path)
    }

    package func delete(_ path: String) async throws {
        let (status, body) = try await send(.DELETE, path)
        if status != 404 { try check(status, body, path) }
    }

    package func post(_ body: Data, to path: String) async throws -> Data {
        let (status, answer) = try await send(.POST, path, body)
        try check(status, answer, path)
        return answer
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: Data? = nil) async throws -> (status: Int, body: Data) {
        var request = HTTPClientRequest(url: location.server + path)
        request.method = method
        request.tlsConfiguration = tls
        request.headers.add(name: "authorization", value: "Bearer \(location.token)")
        request.headers.add(name: "accept", value: "application/json")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response: HTTPClientResponse
        do {
            response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        } catch let error where !(error is CancellationError) {
            throw RunFailure(ConnectionFailure.message(error, server: location.server, kubeconfig: location.kubeconfig))
        }
        let answer = try await response.body.collect(upTo: 64 << 20)
        return (Int(response.status.code), Data(answer.readableBytesView))
    }

    private func check(_ status: Int, _ body: Data, _ path: String) throws {
        guard !(200..<300).contains(status) else { return }
        struct Status: Decodable { var message: String? }
        let message = (try? JSONDecoder().decode(Status.self, from: body))?.message
        throw RunFailure(
            "the API server answered \(status) for \(path): \(message ?? String(decoding: body.prefix(300), as: UTF8.self))")
    }
}
