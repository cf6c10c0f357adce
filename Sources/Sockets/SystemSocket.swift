// SPDX-License-Identifier: Apache-2.0
import CPoll
import Glibc
import NIOCore

/// System calls on a socket.
enum SystemSocket {
    /// A stream socket that does not block.
    static func make(_ family: CInt) throws -> CInt {
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
        return descriptor
    }

    static func set(_ descriptor: CInt, _ level: CInt, _ name: CInt, _ value: CInt) throws {
        var value = value
        guard setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<CInt>.size)) == 0 else {
            throw IOError(errnoCode: errno, reason: "setsockopt")
        }
    }

    static func get(_ descriptor: CInt, _ level: CInt, _ name: CInt) throws -> CInt {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(descriptor, level, name, &value, &length) == 0 else {
            throw IOError(errnoCode: errno, reason: "getsockopt")
        }
        return value
    }

    /// As recv(2), not stopped by signals.
    @inline(__always)
    static func receive(_ descriptor: CInt, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = malla_receive(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }

    /// As sendmsg(2). A peer that has gone is an error, not a signal.
    static func send(_ descriptor: CInt, _ vectors: UnsafeMutableBufferPointer<iovec>) -> Int {
        var message = msghdr()
        message.msg_iov = vectors.baseAddress
        message.msg_iovlen = vectors.count
        while true {
            let count = sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL))
            if count >= 0 || errno != EINTR { return count }
        }
    }

    /// As send(2), in the same way.
    @inline(__always)
    static func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        while true {
            let count = malla_send(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }

    static func isPassing(_ error: CInt) -> Bool { error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS }
}
