// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A client without a sidecar: plain HTTP straight to a workload's inbound port.
enum PlaintextCaller {
    enum Outcome: Sendable, Hashable { case refused, answered(String), silent }

    static func call(_ address: String, port: Int) async -> Outcome {
        await withCheckedContinuation { continuation in
            Thread { continuation.resume(returning: callAndWait(address, port: port)) }.start()
        }
    }

    /// Three seconds for an answer; a closed or reset connection is a refusal.
    private static func callAndWait(_ address: String, port: Int) -> Outcome {
        guard let descriptor = LoopbackProbe.connected(address, port: port) else { return .refused }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 3, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET /profile HTTP/1.1\r\nhost: user-service:8080\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return .refused }
        var answer = [UInt8](repeating: 0, count: 1024)
        let count = recv(descriptor, &answer, answer.count, 0)
        if count > 0 { return .answered(String(decoding: answer.prefix(count), as: UTF8.self)) }
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .silent : .refused
    }
}
