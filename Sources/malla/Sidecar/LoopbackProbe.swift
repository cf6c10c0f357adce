// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// Asks the system which loopback ports are free, and which answer.
package enum LoopbackProbe {
    /// Whether every one of the ports can be bound on `address` now.
    package static func isFree(_ address: String, ports: [Int]) -> Bool {
        ports.allSatisfy { bound(address, port: $0) != nil }
    }

    /// Below the ports that systems give to outgoing connections (32768 and up on Linux, 49152 and up elsewhere): such a one could
    /// be taken between the question and its use.
    private static let candidates = 20_000..<32_000
    private static let given = Mutex<Set<Int>>([])

    /// A port that is free on 127.0.0.1 now, and that this process has not been told of before.
    package static func freePort() -> Int? {
        given.withLock { given in
            for _ in 0..<1000 {
                let port = Int.random(in: candidates)
                guard !given.contains(port), bound("127.0.0.1", port: port) != nil else { continue }
                given.insert(port)
                return port
            }
            return nil
        }
    }

    /// A blocking connection, which the caller closes; `nil` when nobody accepts.
    package static func connected(_ address: String, port: Int) -> Int32? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        guard withAddress(address, port, { connect(descriptor, $0, $1) == 0 }) else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Whether something accepts connections there.
    package static func accepts(_ address: String, port: Int) -> Bool {
        withSocket { descriptor in
            withAddress(address, port) { connect(descriptor, $0, $1) == 0 }
        } ?? false
    }

    private static func bound(_ address: String, port: Int) -> Int? {
        withSocket { descriptor -> Int? in
            var on: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
            guard withAddress(address, port, { bind(descriptor, $0, $1) == 0 && listen(descriptor, 1) == 0 }) else { return nil }
            var actual = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let told = withUnsafeMutablePointer(to: &actual) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
            }
            return told == 0 ? Int(UInt16(bigEndian: actual.sin_port)) : nil
        } ?? nil
    }

    private static func withSocket<Value>(_ body: (Int32) -> Value) -> Value? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return body(descriptor)
    }

    private static func withAddress(_ address: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var socketAddress = sockaddr_in()
        socketAddress.sin_family = sa_family_t(AF_INET)
        socketAddress.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        guard inet_pton(AF_INET, address, &socketAddress.sin_addr) == 1 else { return false }
        return withUnsafePointer(to: &socketAddress) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
