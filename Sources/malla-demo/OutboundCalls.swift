// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOHTTP1

/// Calls out of the service: plain HTTP, in absolute form through the sidecar when `http_proxy` is set.
struct OutboundCalls: Sendable {
    struct Outcome: Sendable {
        /// 0 when no response came.
        var status: Int
        var body: String
        var elapsed: Duration
        var answer: ServiceAnswer?
    }

    var proxy: OutboundProxy
    var pool = ConnectionPool()
    /// To the one service that is called by gRPC, if any.
    var grpc: GRPCCalls?

    /// By HTTP, or by gRPC where the URL begins with `grpc:` (whom it names then is only for the reader).
    func call(_ url: String, headers: HTTPHeaders, within limit: Duration? = nil) async -> Outcome {
        guard url.hasPrefix("grpc:") else { return await get(url, headers: headers) }
        guard let grpc else { return Outcome(status: 0, body: "no --payments, no gRPC", elapsed: .zero) }
        return await grpc.answer(within: limit)
    }

    func get(_ url: String, headers: HTTPHeaders) async -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        guard let way = proxy.way(to: url) else { return Outcome(status: 0, body: "not an http URL: \(url)", elapsed: .zero) }
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: way.requestTarget, headers: headers)
        head.headers.replaceOrAdd(name: "host", value: way.authority)
        do {
            let response = try await pool.execute(head, at: way.connectTo, deadline: .seconds(30))
            let answer = try? JSONDecoder().decode(ServiceAnswer.self, from: Data(response.body.utf8))
            return Outcome(status: response.status, body: response.body, elapsed: clock.now - start, answer: answer)
        } catch {
            return Outcome(status: 0, body: "\(error)", elapsed: clock.now - start)
        }
    }

    /// All calls at once; the outcomes in the order of `urls`.
    func fanOut(_ urls: [String], headers: HTTPHeaders) async -> [ServiceAnswer.Call] {
        await withTaskGroup(of: (Int, ServiceAnswer.Call).self) { group in
            for (index, url) in urls.enumerated() {
                group.addTask {
                    let outcome = await call(url, headers: headers)
                    let answer = outcome.answer
                    let failure = answer == nil ? String(outcome.body.prefix(200)) : nil
                    return (index, ServiceAnswer.Call(url: url, status: outcome.status, answer: answer, failure: failure))
                }
            }
            var calls: [(Int, ServiceAnswer.Call)] = []
            for await call in group { calls.append(call) }
            return calls.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
