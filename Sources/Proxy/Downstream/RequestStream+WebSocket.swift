// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore

/// WebSockets of clients that speak HTTP/2 and ask without a key.
extension RequestStream {
    /// Asked of every upstream, also one of HTTP/2: behind it may be a proxy that hands the head on to HTTP/1 as it is.
    func askWebSocketKey(_ upgrade: String) {
        guard self.version == .http2, upgrade.lowercased() == "websocket", !self.head.headers.contains(WebSocketKey.key)
        else { return }
        let key = WebSocketKey.make(self.worker.random.next(), self.worker.random.next())
        self.head.headers.add(WebSocketKey.key, key)
        self.madeExtras.webSocketKey = key
    }

    /// Whether the upstream speaks the protocol that it agrees to (RFC 6455, 4.1).
    func answersWebSocketKey(_ head: ResponseHead) -> Bool {
        guard let key = self.extras?.webSocketKey else { return true }
        return head.headers.first(WebSocketKey.accept).map { $0 == WebSocketKey.answer(to: key) } ?? false
    }

    /// The client has asked nothing.
    func dropWebSocketAnswer(_ headers: inout HeaderBlock) {
        if self.extras?.webSocketKey != nil { headers.remove(WebSocketKey.accept) }
    }
}
