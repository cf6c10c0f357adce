// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
package import Foundation
import NIOCore
import NIOHTTP1

/// The API server over HTTP, with the kubeconfig's bearer token.
package struct HTTPResourceAPI: ResourceAPI {
    private let server: String
    private let token: String

    package init(server: String, token: String) {
        self.server = server
        self.token = token
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
        var request = HTTPClientRequest(url: server + path)
        request.method = method
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        request.headers.add(name: "accept", value: "application/json")
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
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
