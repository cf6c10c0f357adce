// SPDX-License-Identifier: Apache-2.0
package import HTTP1

/// Which requests are gRPC's.
package enum GRPCContentType {
    private static let name: StaticString = "application/grpc"

    /// `application/grpc`, alone or before `+proto` or parameters; `application/grpc-web` is another protocol.
    package static func isGRPC(_ headers: HeaderBlock) -> Bool {
        guard let type = headers.first(.contentType) else { return false }
        return type.withBytes { bytes in
            let name = UnsafeRawBufferPointer(start: Self.name.utf8Start, count: Self.name.utf8CodeUnitCount)
            guard bytes.count >= name.count, bytes.prefix(name.count).elementsEqual(name) else { return false }
            return bytes.count == name.count || bytes[name.count] == 0x2B || bytes[name.count] == 0x3B
        }
    }
}
