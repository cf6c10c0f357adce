// SPDX-License-Identifier: Apache-2.0
import Foundation
import HummingbirdCore
import NIOCore

/// Reads the body of a request within a size and a time.
struct BoundedBody: Sendable {
    enum Outcome: Sendable {
        case complete(Data)
        /// Read to its end, so that the caller hears the refusal, but not kept.
        case tooLarge
        /// The caller goes on without end, too slowly, or has left: nothing more can be read of this connection.
        case abandoned(APIFailure)
    }

    /// Larger ones are refused with 413 …
    var maximum: Int
    /// … and beyond this not even read to their end.
    var discarded = 128 << 20
    var deadline: Duration

    func read(_ body: HummingbirdCore.RequestBody) async -> Outcome {
        await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await collect(body) }
            group.addTask {
                try? await Task.sleep(for: deadline)
                return .abandoned(APIFailure(408, "Timeout", "the body did not arrive within \(deadline)"))
            }
            defer { group.cancelAll() }
            return await group.next() ?? .abandoned(.badRequest("the body could not be read"))
        }
    }

    private func collect(_ body: HummingbirdCore.RequestBody) async -> Outcome {
        var data = Data()
        var count = 0
        do {
            for try await part in body {
                count += part.readableBytes
                if count <= maximum { data.append(contentsOf: part.readableBytesView) } else { data = Data() }
                guard count <= discarded else { return .abandoned(Self.tooLarge(maximum)) }
            }
            return count <= maximum ? .complete(data) : .tooLarge
        } catch {
            return .abandoned(.badRequest("the body could not be read"))
        }
    }

    static func tooLarge(_ maximum: Int) -> APIFailure {
        APIFailure(413, "RequestEntityTooLarge", "the body is larger than \(maximum) bytes")
    }
}
