// SPDX-License-Identifier: Apache-2.0
import CAllocationCounter
import Foundation
import Logging
import NIOCore
import Observability
import Proxy
import ProxyRuntime
import Sockets

/// Counts what the proxy's event loop asks of the allocator for one request:
/// `allocation-bench http1|http2|grpc BOOTSTRAP PORT REQUESTS [HEADER…]`.
///
/// In the bootstrap, port 1 stands for the backend. One connection, and requests that wait for their answers, so that the count is
/// exact. Not asynchronous at the top, so that it also runs under valgrind.
@main
enum Main {
    enum Spoken: String { case http1, http2, grpc }

    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    static func main() {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            guard arguments.count >= 4, let spoken = Spoken(rawValue: arguments[0]), let port = UInt16(arguments[2]),
                let requests = Int(arguments[3])
            else {
                throw Wrong(description: "usage: allocation-bench http1|http2|grpc BOOTSTRAP PORT REQUESTS [HEADER…]")
            }
            try Self.run(
                spoken, bootstrap: arguments[1], port: port, requests: requests, headers: Array(arguments.dropFirst(4)))
        } catch {
            FileHandle.standardError.write(Data("allocation-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ spoken: Spoken, bootstrap file: String, port: UInt16, requests: Int, headers: [String]) throws {
        let backend = try Self.startBackend(spoken)
        let text = try String(contentsOfFile: file, encoding: .utf8)
            .replacingOccurrences(of: "\"port_value\": 1\n", with: "\"port_value\": \(backend)\n")
        let bootstrap = try BootstrapReader.read(text)
        let group = try SocketLoopGroup(numberOfLoops: 1)
        let dataPlane = try Self.waiting {
            let server = try await ProxyServer(
                group: group, configuration: ProxyConfiguration(), accessLog: BufferedLogWriter(), logger: Logger(label: "bench"))
            let dataPlane = ProxyServerDataPlane(server: server)
            try await dataPlane.apply(try ResourceTable(statics: bootstrap))
            return dataPlane
        }
        defer { withExtendedLifetime(dataPlane) {} }
        let exchange = try Self.load(spoken, port: port, headers: headers)
        try exchange(200)
        let loop = group.next()
        let before = try loop.submit { (malla_thread_allocations(), malla_thread_nanoseconds()) }.wait()
        try exchange(requests)
        let after = try loop.submit { (malla_thread_allocations(), malla_thread_nanoseconds()) }.wait()
        let allocations = Double(after.0 - before.0) / Double(requests)
        let microseconds = Double(after.1 - before.1) / Double(requests) / 1000
        #if DEBUG
            let configuration = "debug"
        #else
            let configuration = "release"
        #endif
        print(
            "\(String(format: "%.1f", allocations)) allocations \(String(format: "%.1f", microseconds)) µs \(configuration)")
    }

    private static func startBackend(_ spoken: Spoken) throws -> UInt16 {
        guard spoken == .http1 else {
            let backend = try HTTP2Backend(isGRPC: spoken == .grpc)
            backend.start()
            return backend.port
        }
        let backend = try AnsweringBackend(bodyLength: 128)
        backend.start()
        return backend.port
    }

    /// Sends so many requests.
    private static func load(_ spoken: Spoken, port: UInt16, headers: [String]) throws -> (Int) throws -> Void {
        guard spoken == .http1 else {
            var load = try HTTP2Load(port: port, isGRPC: spoken == .grpc, headers: headers)
            return { try load.exchange(count: $0) }
        }
        let load = try HTTP1Load(port: port, headers: headers)
        return { try load.exchange(count: $0) }
    }

    private static func waiting<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) throws -> T {
        let done = DispatchSemaphore(value: 0)
        let box = Box<T>()
        Task {
            do { box.result = .success(try await body()) } catch { box.result = .failure(error) }
            done.signal()
        }
        done.wait()
        guard let result = box.result else { throw Wrong(description: "no result") }
        return try result.get()
    }

    /// Written before the semaphore is signalled, read after: never at once.
    private final class Box<T>: @unchecked Sendable {
        var result: Result<T, any Error>?
    }
}
