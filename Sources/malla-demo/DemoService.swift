// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOHTTP1

/// Answers requests: as the service it plays, and on `/_demo/…` as the actor behind it.
struct DemoService: Sendable {
    struct Response: Sendable {
        var status: HTTPResponseStatus
        var body: Data
    }

    var role: Role
    var revision: String
    var behaviour: ServiceBehaviour
    var calls: OutboundCalls

    func respond(to head: HTTPRequestHead) async -> Response {
        let url = URLComponents(string: head.uri)
        let query = (url?.queryItems ?? []).map { (name: $0.name, value: $0.value ?? "") }
        switch url?.path {
        case "/_demo/state": return encode(behaviour.state)
        case "/_demo/behaviour": return changeBehaviour(query)
        case "/_demo/burst":
            guard let burst = Burst(query: query) else { return refuse("burst needs url and count") }
            return encode(await burst.run(calls))
        default: return await play(head)
        }
    }

    private func play(_ head: HTTPRequestHead) async -> Response {
        let (verdict, delay) = behaviour.admit()
        if delay > .zero { try? await Task.sleep(for: delay) }
        var answer = ServiceAnswer(
            service: role.rawValue, version: revision, pid: ProcessInfo.processInfo.processIdentifier, calls: [])
        if case .fail(let status) = verdict { return encode(answer, status: HTTPResponseStatus(statusCode: status)) }
        answer.calls = await calls.fanOut(
            role.dependencies(hasGRPC: calls.grpc != nil), headers: TracingHeaders.forwarded(from: head.headers))
        let failed = answer.calls.contains { $0.status != 200 }
        return encode(answer, status: failed ? .badGateway : .ok)
    }

    /// As slow as HTTP, but without its failures: the story's failing instance fails where retries mend it.
    func answerOverGRPC() async -> ServiceAnswer {
        let delay = behaviour.delay
        if delay > .zero { try? await Task.sleep(for: delay) }
        return ServiceAnswer(
            service: role.rawValue, version: revision, pid: ProcessInfo.processInfo.processIdentifier, calls: [])
    }

    private func changeBehaviour(_ query: [(name: String, value: String)]) -> Response {
        for (name, value) in query {
            guard ["fail", "status", "delay"].contains(name), let number = Double(value), number.isFinite,
                (0...1e6).contains(number)
            else { return refuse("behaviour takes fail=0…1, status=CODE, delay=MILLISECONDS; not \(name)=\(value)") }
        }
        let state = behaviour.change { state in
            for (name, value) in query {
                let number = Double(value) ?? 0
                switch name {
                case "fail": state.failRate = min(number, 1)
                case "status": state.failStatus = Int(number)
                default: state.delayMilliseconds = Int(number)
                }
            }
        }
        return encode(state)
    }

    private func encode(_ value: some Encodable, status: HTTPResponseStatus = .ok) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return refuse("answer could not be encoded") }
        return Response(status: status, body: data + Data("\n".utf8))
    }

    private func refuse(_ message: String) -> Response {
        Response(status: .badRequest, body: Data((message + "\n").utf8))
    }
}
