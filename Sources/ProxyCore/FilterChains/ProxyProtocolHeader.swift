// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import ProxyModel

/// What a proxy says before the bytes of the connection that it speaks for (PROXY protocol, versions 1 and 2).
package struct ProxyProtocolHeader: Sendable, Hashable {
    package var version: ProxyProtocolVersion
    /// nil: the proxy speaks for itself (`LOCAL`, `UNKNOWN`).
    package var ends: Ends?
    package var values: [ProxyProtocolValue]
    /// Bytes that it took.
    package var length: Int

    package struct Ends: Sendable, Hashable {
        package var source: IPEndpoint
        package var destination: IPEndpoint

        package init(source: IPEndpoint, destination: IPEndpoint) {
            self.source = source
            self.destination = destination
        }
    }

    package enum Inspection: Sendable, Hashable {
        case needsMore
        /// The connection begins with no header of a version that is taken.
        case absent
        case invalid(String)
        case header(ProxyProtocolHeader)
    }

    static let signature2: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    private static let signature1 = Array("PROXY ".utf8)
    /// With its line end.
    private static let maximumLength1 = 107

    /// - Parameter keeping: Values that are wanted; the others are not even looked at.
    package static func inspect(
        _ buffer: ByteBuffer, versions: Set<ProxyProtocolVersion>, keeping: ProxyProtocolSelection = .none
    ) -> Inspection {
        var isPrefix = false
        for version in [ProxyProtocolVersion.v1, .v2] where versions.contains(version) {
            let signature = version == .v1 ? Self.signature1 : Self.signature2
            guard buffer.readableBytesView.prefix(signature.count).elementsEqual(signature.prefix(buffer.readableBytes)) else {
                continue
            }
            if buffer.readableBytes >= signature.count {
                return version == .v1 ? Self.inspect1(buffer) : Self.inspect2(buffer, keeping)
            }
            isPrefix = true
        }
        return isPrefix ? .needsMore : .absent
    }

    // MARK: Version 1

    private static func inspect1(_ buffer: ByteBuffer) -> Inspection {
        let head = buffer.readableBytesView.prefix(Self.maximumLength1)
        guard let feed = head.firstIndex(of: 0x0A) else {
            return head.count < Self.maximumLength1 ? .needsMore : .invalid("the line does not end")
        }
        guard feed > head.startIndex, head[feed - 1] == 0x0D else { return .invalid("the line does not end in CR LF") }
        let length = feed - head.startIndex + 1
        let words = String(decoding: head[..<(feed - 1)], as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count > 1 else { return .invalid("the line is empty") }
        // What follows is not looked at, as the specification says.
        if words[1] == "UNKNOWN" { return .header(ProxyProtocolHeader(version: .v1, ends: nil, values: [], length: length)) }
        let size: Int
        switch words[1] {
        case "TCP4": size = 4
        case "TCP6": size = 16
        default: return .invalid("unknown protocol")
        }
        guard words.count == 6, let source = Self.endpoint(words[2], words[4], size: size),
            let destination = Self.endpoint(words[3], words[5], size: size)
        else { return .invalid("no addresses of \(words[1])") }
        return .header(
            ProxyProtocolHeader(
                version: .v1, ends: Ends(source: source, destination: destination), values: [], length: length))
    }

    private static func endpoint(_ address: Substring, _ port: Substring, size: Int) -> IPEndpoint? {
        guard address.contains(":") == (size == 16), let bytes = IPAddressBytes.parse(address),
            (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt16(port)
        else { return nil }
        return IPEndpoint(bytes: bytes, port: Int(number))
    }

    // MARK: Version 2

    private static func inspect2(_ buffer: ByteBuffer, _ keeping: ProxyProtocolSelection) -> Inspection {
        var bytes = buffer
        bytes.moveReaderIndex(forwardBy: Self.signature2.count)
        guard let command = bytes.readInteger(as: UInt8.self) else { return .needsMore }
        guard command >> 4 == 2 else { return .invalid("unknown version") }
        guard command & 0xF <= 1 else { return .invalid("unknown command") }
        guard let family = bytes.readInteger(as: UInt8.self), let length = bytes.readInteger(as: UInt16.self) else {
            return .needsMore
        }
        var header = ProxyProtocolHeader(version: .v2, ends: nil, values: [], length: Self.signature2.count + 4 + Int(length))
        let isProxied = command & 0xF == 1
        if isProxied {
            // Families that carry no address that we could use are refused before their bytes are waited for.
            guard family == 0x11 || family == 0x12 || family == 0x21 || family == 0x22 else {
                return .invalid("unknown address family")
            }
            guard length >= (family >> 4 == 1 ? 12 : 36) else { return .invalid("addresses are cut short") }
        }
        guard var rest = bytes.readSlice(length: Int(length)) else { return .needsMore }
        guard isProxied else { return .header(header) }
        guard let ends = Self.ends(&rest, size: family >> 4 == 1 ? 4 : 16) else { return .invalid("addresses are cut short") }
        header.ends = ends
        if keeping != .none {
            guard let values = Self.values(&rest, keeping) else { return .invalid("values are cut short") }
            header.values = values
        }
        return .header(header)
    }

    private static func ends(_ bytes: inout ByteBuffer, size: Int) -> Ends? {
        guard let source = bytes.readBytes(length: size), let destination = bytes.readBytes(length: size),
            let sourcePort = bytes.readInteger(as: UInt16.self), let destinationPort = bytes.readInteger(as: UInt16.self)
        else { return nil }
        return Ends(
            source: IPEndpoint(bytes: source, port: Int(sourcePort)),
            destination: IPEndpoint(bytes: destination, port: Int(destinationPort)))
    }

    private static func values(_ bytes: inout ByteBuffer, _ keeping: ProxyProtocolSelection) -> [ProxyProtocolValue]? {
        var values: [ProxyProtocolValue] = []
        while bytes.readableBytes > 0 {
            guard let type = bytes.readInteger(as: UInt8.self), let length = bytes.readInteger(as: UInt16.self),
                let value = bytes.readBytes(length: Int(length))
            else { return nil }
            if keeping.contains(type) { values.append(ProxyProtocolValue(type: type, bytes: value)) }
        }
        return values
    }
}
