// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What a TLS client asks for in its first message.
enum HelloText {
    /// `SERVER-NAME [ALPN,…]`; nil until the message, which has to be one record, is whole.
    static func of(_ bytes: ByteBuffer) -> String? {
        var bytes = bytes
        guard bytes.readSlice(length: 3) != nil, var hello = bytes.readLengthPrefixedSlice(as: UInt16.self),
            hello.readSlice(length: 4 + 2 + 32) != nil, hello.readLengthPrefixedSlice(as: UInt8.self) != nil,
            hello.readLengthPrefixedSlice(as: UInt16.self) != nil, hello.readLengthPrefixedSlice(as: UInt8.self) != nil,
            var extensions = hello.readLengthPrefixedSlice(as: UInt16.self)
        else { return nil }
        var (name, protocols) = ("-", [String]())
        while let type = extensions.readInteger(as: UInt16.self), var body = extensions.readLengthPrefixedSlice(as: UInt16.self) {
            if type == 0, body.readSlice(length: 3) != nil, let text = body.readLengthPrefixedSlice(as: UInt16.self) {
                name = String(buffer: text)
            }
            guard type == 16, var list = body.readLengthPrefixedSlice(as: UInt16.self) else { continue }
            while let text = list.readLengthPrefixedSlice(as: UInt8.self) { protocols.append(String(buffer: text)) }
        }
        return "\(name) [\(protocols.joined(separator: ","))]"
    }
}
