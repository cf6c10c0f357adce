// SPDX-License-Identifier: Apache-2.0
#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A TCP socket that blocks, so that client and backend need no event loop: what the proxy's loop does is all that is counted.
struct BlockingSocket {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let descriptor: Int32

    static func listening() throws -> (BlockingSocket, port: UInt16) {
        let socket = try BlockingSocket.make()
        var address = Self.address(port: 0)
        guard Self.withAddress(&address, { bind(socket.descriptor, $0, $1) }) == 0, listen(socket.descriptor, 16) == 0 else {
            throw Failure(description: "cannot listen: \(errno)")
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket.descriptor, $0, &length) }
        }
        guard named == 0 else { throw Failure(description: "cannot read the port: \(errno)") }
        return (socket, UInt16(bigEndian: address.sin_port))
    }

    static func connected(to port: UInt16) throws -> BlockingSocket {
        let socket = try BlockingSocket.make()
        var address = Self.address(port: port)
        guard Self.withAddress(&address, { connect(socket.descriptor, $0, $1) }) == 0 else {
            throw Failure(description: "cannot connect to \(port): \(errno)")
        }
        return socket
    }

    func accepted() throws -> BlockingSocket {
        let descriptor = accept(self.descriptor, nil, nil)
        guard descriptor >= 0 else { throw Failure(description: "cannot accept: \(errno)") }
        return BlockingSocket(descriptor: descriptor)
    }

    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(self.descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(description: "cannot send: \(errno)") }
            sent += count
        }
    }

    /// Some bytes; empty at the end.
    func receive() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = bytes.withUnsafeMutableBytes { read(self.descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw Failure(description: "cannot receive: \(errno)") }
        return Array(bytes.prefix(count))
    }

    private static func make() throws -> BlockingSocket {
        #if canImport(Glibc)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw Failure(description: "no socket: \(errno)") }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        return BlockingSocket(descriptor: descriptor)
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress(
        _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
