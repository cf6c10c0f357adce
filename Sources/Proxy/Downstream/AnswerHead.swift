// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyModel

/// What a connection manager does to the head of every answer, wherever it comes from.
enum AnswerHead {
    static func finish(
        _ head: inout ResponseHead, manager: CompiledManager, worker: ProxyWorker, now: NIODeadline = .now()
    ) {
        if !head.headers.contains(.date) { head.headers.add(.date, worker.dateText(at: now)) }
        if let via = manager.settings.via { RequestPreparation.append(via, to: &head.headers) }
        switch manager.settings.serverHeader {
        case .overwrite: head.headers.set(.server, manager.settings.serverName)
        case .appendIfAbsent: if !head.headers.contains(.server) { head.headers.add(.server, manager.settings.serverName) }
        case .passThrough: break
        }
    }

    /// Of an answer where there is no request.
    static func alone(status: UInt16, body: String, connection: DownstreamConnection) -> ResponseHead {
        var head = ResponseHead(status: status, headers: HeaderBlock())
        if !body.isEmpty { head.headers.add(.contentType, "text/plain" as StaticString) }
        head.headers.add(.contentLength, decimal: UInt64(body.utf8.count))
        Self.finish(&head, manager: connection.chain.manager, worker: connection.worker)
        connection.answered(status)
        return head
    }
}
