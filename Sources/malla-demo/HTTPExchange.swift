// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// One request on a connection and the promise of its response.
struct HTTPExchange: Sendable {
    struct Response: Sendable {
        var status: Int
        var body: String
        var keepsConnection: Bool
    }

    var head: HTTPRequestHead
    var response: EventLoopPromise<Response>
}
