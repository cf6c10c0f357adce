// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The demo's own requests: to the services' control paths and the sidecars' ports, past the mesh.
enum DemoHTTP {
    static func get(_ url: String, limit: TimeAmount = .seconds(5)) async throws -> (status: Int, body: Data) {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: limit)
        let body = try await response.body.collect(upTo: 64 << 20)
        return (Int(response.status.code), Data(body.readableBytesView))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from url: String, limit: TimeAmount = .seconds(5)) async throws
        -> Value
    {
        let (status, body) = try await get(url, limit: limit)
        guard status == 200 else {
            throw RunFailure("\(url) answered \(status): \(String(decoding: body.prefix(200), as: UTF8.self))")
        }
        return try JSONDecoder().decode(type, from: body)
    }
}
