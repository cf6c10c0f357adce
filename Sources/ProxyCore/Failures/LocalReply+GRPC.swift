// SPDX-License-Identifier: Apache-2.0

extension LocalReply {
    /// The same answer for a gRPC caller: HTTP 200 with the status in `grpc-status`.
    package var grpc: LocalReply {
        guard !self.headers.contains(where: { $0.name == "grpc-status" }) else { return self }
        var reply = self
        reply.status = 200
        reply.body = ""
        reply.headers.append(Header(name: "content-type", value: "application/grpc"))
        reply.headers.append(Header(name: "grpc-status", value: String(self.grpcStatus ?? GRPCStatus.code(forHTTP: self.status))))
        if !self.body.isEmpty { reply.headers.append(Header(name: "grpc-message", value: Self.percentEncoded(self.body))) }
        return reply
    }

    /// As the gRPC protocol wants `grpc-message`: printable ASCII but `%` stands for itself.
    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte >= 0x20, byte < 0x7F, byte != 0x25 {
                bytes.append(byte)
            } else {
                bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
