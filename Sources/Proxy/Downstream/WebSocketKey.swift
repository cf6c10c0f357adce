// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import HTTP1
import NIOCore

/// The question and answer of a WebSocket handshake over HTTP/1 (RFC 6455, 4.1 and 4.2.2). One over HTTP/2 has none (RFC 8441, 5):
/// between the two, the proxy asks or answers.
enum WebSocketKey {
    static let key = HeaderName("sec-websocket-key")
    static let accept = HeaderName("sec-websocket-accept")

    /// 16 random bytes, base64.
    static func make(_ high: UInt64, _ low: UInt64) -> String {
        withUnsafeBytes(of: (high, low)) { Data($0) }.base64EncodedString()
    }

    static func answer(to key: String) -> String {
        Data(Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))).base64EncodedString()
    }
}
