// SPDX-License-Identifier: Apache-2.0
import CAllocationCounter
import Foundation
import Logging
import NIOCore
import NIOPosix
import Observability
import Proxy
import ProxyRuntime

/// Counts what the proxy's event loop asks of the allocator for one request: `allocation-bench BOOTSTRAP PORT REQUESTS [HEADER…]`.
///
/// In the bootstrap, port 1 stands for the backend. One connection, one request after the other, so that the count is exact. Not
/// asynchronous at the top, so that it also runs under valgrind.
@main
enum Main {
    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    static func main() {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            guard arguments.count >= 3, let port = UInt16(arguments[1]), let requests = Int(arguments[2]) else {
                throw Wrong(description: "usage: allocation-bench BOOTSTRAP PORT REQUESTS [HEADER…]")
            }
            try Self.run(bootstrap: arguments[0], port: port, requests: requests, headers: Array(arguments.dropFirst(3)))
        } catch {
            FileHandle.standardError.write(Data("allocation-bench: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(bootstrap file: String, port: UInt16, requests: Int, headers: [String]) throws {
        let backend = try AnsweringBackend(bodyLength: 128)
        backend.start()
        let text = try String(contentsOfFile: file, encoding: .utf8)
            .replacingOccurrences(of: "\"port_value\": 1\n", with: "\"port_value\": \(backend.port)\n")
        let bootstrap = try BootstrapReader.read(text)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let dataPlane = try Self.waiting {
            let server = try await ProxyServer(
                group: group, configuration: ProxyConfiguration(), accessLog: BufferedLogWriter(), logger: Logger(label: "bench"))
            let dataPlane = ProxyServerDataPlane(server: server)
            try await dataPlane.apply(try ResourceTable(statics: bootstrap))
            return dataPlane
        }
        defer { withExtendedLifetime(dataPlane) {} }
        let client = try BlockingSocket.connected(to: port)
        let lines = headers.map { "\($0)\r\n" }.joined()
        let host = headers.contains { $0.lowercased().hasPrefix("host:") } ? "" : "Host: bench\r\n"
        let request = Array("GET /path?query=1 HTTP/1.1\r\n\(host)\(lines)\r\n".utf8)
        try Self.exchange(client, request, count: 200)
        let loop = group.next()
        let before = try loop.submit { (malla_thread_allocations(), malla_thread_nanoseconds()) }.wait()
        try Self.exchange(client, request, count: requests)
        let after = try loop.submit { (malla_thread_allocations(), malla_thread_nanoseconds()) }.wait()
        let allocations = Double(after.0 - before.0) / Double(requests)
        let microseconds = Double(after.1 - before.1) / Double(requests) / 1000
        print("\(String(format: "%.1f", allocations)) allocations \(String(format: "%.1f", microseconds)) µs")
    }

    private static func exchange(_ client: BlockingSocket, _ request: [UInt8], count: Int) throws {
        for _ in 0..<count {
            try client.send(request)
            var answer: [UInt8] = []
            // The answer's body is 128 times `x`, which no head ends with.
            while answer.count < 128 || answer.last != UInt8(ascii: "x") {
                let part = try client.receive()
                guard !part.isEmpty else { throw Wrong(description: "closed after \(String(decoding: answer, as: UTF8.self))") }
                answer += part
                if answer.starts(with: "HTTP/1.1 200".utf8) { continue }
                throw Wrong(description: "answer: \(String(decoding: answer, as: UTF8.self))")
            }
        }
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
