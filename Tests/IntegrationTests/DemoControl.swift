// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import malla

/// The control path of a `malla-demo` service.
struct DemoControl: Sendable {
    var port: Int

    static func withFreePort() throws -> DemoControl {
        guard let port = LoopbackProbe.freePort() else { throw TestFailure("no free port") }
        return DemoControl(port: port)
    }

    /// Lets the service send requests, as itself.
    func burst(_ url: String, count: Int, concurrency: Int = 8, header: String? = nil) async throws -> BurstReport {
        var query = "url=\(url)&count=\(count)&concurrency=\(concurrency)"
        if let header { query += "&header=\(header)" }
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: "http://127.0.0.1:\(port)/_demo/burst?\(query)"), timeout: .minutes(3))
        let body = try await response.body.collect(upTo: 1 << 24)
        return try JSONDecoder().decode(BurstReport.self, from: Data(body.readableBytesView))
    }
}
