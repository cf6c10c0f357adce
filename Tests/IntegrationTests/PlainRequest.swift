// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Requests past the mesh: to admin ports, and to inbound ports that must refuse them.
enum PlainRequest {
    static func body(of url: String) async throws -> String {
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(5))
        guard response.status == .ok else { throw TestFailure("\(url): \(response.status)") }
        return String(buffer: try await response.body.collect(upTo: 1 << 24))
    }

    /// Closed or reset without an answer; a timeout is no refusal.
    static func isRefused(by address: String, port: Int) async -> Bool {
        do {
            _ = try await HTTPClient.shared.execute(HTTPClientRequest(url: "http://\(address):\(port)/"), timeout: .seconds(5))
            return false
        } catch let error as HTTPClientError {
            return error != .deadlineExceeded && error != .connectTimeout
        } catch {
            return true
        }
    }
}
