// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import ProxyModel

extension ProxyProtocolHeader {
    /// The header for a connection between these ends. Without them, or where they are of different families, it says that the proxy
    /// speaks for itself: one header cannot name both.
    /// - Parameter kept: Values of the header that the connection came with.
    package static func bytes(_ output: ProxyProtocolOutput, ends: Ends?, kept: [ProxyProtocolValue] = []) -> ByteBuffer {
        let ends = ends.flatMap { $0.source.bytes.count == $0.destination.bytes.count ? $0 : nil }
        switch output.version {
        case .v1: return Self.line(ends)
        case .v2: return Self.block(ends, ends == nil ? [] : Self.values(output, kept))
        }
    }

    private static func values(_ output: ProxyProtocolOutput, _ kept: [ProxyProtocolValue]) -> [ProxyProtocolValue] {
        let added = Set(output.addedValues.map(\.type))
        return output.addedValues + kept.filter { output.passedValues.contains($0.type) && !added.contains($0.type) }
    }

    private static func line(_ ends: Ends?) -> ByteBuffer {
        guard let ends, let source = Self.text(ends.source), let destination = Self.text(ends.destination) else {
            return ByteBuffer(string: "PROXY UNKNOWN\r\n")
        }
        let family = ends.source.bytes.count == 4 ? "TCP4" : "TCP6"
        return ByteBuffer(string: "PROXY \(family) \(source) \(destination) \(ends.source.port) \(ends.destination.port)\r\n")
    }

    private static func text(_ end: IPEndpoint) -> String? {
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: end.bytes), port: end.port))?.ipAddress
    }

    private static func block(_ ends: Ends?, _ values: [ProxyProtocolValue]) -> ByteBuffer {
        var buffer = ByteBuffer(bytes: Self.signature2)
        guard let ends, [4, 16].contains(ends.source.bytes.count) else {
            buffer.writeBytes([0x20, 0x00, 0x00, 0x00])
            return buffer
        }
        let isIPv4 = ends.source.bytes.count == 4
        var rest = ByteBuffer(bytes: ends.source.bytes + ends.destination.bytes)
        rest.writeInteger(UInt16(clamping: ends.source.port))
        rest.writeInteger(UInt16(clamping: ends.destination.port))
        for value in values {
            // What does not fit into the length of the header stays away.
            guard rest.readableBytes + 3 + value.bytes.count <= Int(UInt16.max) else { continue }
            rest.writeInteger(value.type)
            rest.writeInteger(UInt16(value.bytes.count))
            rest.writeBytes(value.bytes)
        }
        buffer.writeBytes([0x21, isIPv4 ? 0x11 : 0x21])
        buffer.writeInteger(UInt16(rest.readableBytes))
        buffer.writeBuffer(&rest)
        return buffer
    }
}
