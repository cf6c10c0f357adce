// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Open log files by path. `/dev/stdout` and `/dev/stderr` are the process's own, whatever they are connected to.
final class LogFiles: Sendable {
    private let descriptors = Mutex<[String: Int32]>([:])

    /// False if the system does not take the bytes.
    func write(_ bytes: [UInt8], to path: String) -> Bool {
        guard let descriptor = self.descriptor(path) else { return false }
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes { Self.systemWrite(descriptor, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN, Self.waitUntilWritable(descriptor) else { return false }
                continue
            }
            offset += written
        }
        return true
    }

    func closeAll() {
        self.descriptors.withLock { descriptors in
            for descriptor in descriptors.values { close(descriptor) }
            descriptors = [:]
        }
    }

    private func descriptor(_ path: String) -> Int32? {
        switch path {
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default: break
        }
        return self.descriptors.withLock { descriptors in
            if let open = descriptors[path] { return open }
            let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else { return nil }
            descriptors[path] = descriptor
            return descriptor
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&poller, 1, 1000) > 0
    }

    private static func systemWrite(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, start, count)
        #elseif canImport(Musl)
            Musl.write(descriptor, start, count)
        #else
            Darwin.write(descriptor, start, count)
        #endif
    }
}
