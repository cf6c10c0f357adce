// SPDX-License-Identifier: Apache-2.0

/// What came first: the value, or a signal that ends the run.
enum OrStopped<Value: Sendable>: Sendable {
    case value(Value)
    case stopped(Int32)
}

/// Runs `body` until it returns or a signal that ends the run comes; `body` is cancelled then.
func orStopped<Value: Sendable>(
    _ relay: SignalRelay, _ body: @escaping @Sendable () async throws -> Value
) async throws -> OrStopped<Value> {
    try await withThrowingTaskGroup(of: OrStopped<Value>?.self) { group in
        group.addTask { .value(try await body()) }
        group.addTask { await relay.stopRequested().map { .stopped($0) } }
        defer { group.cancelAll() }
        while let first = try await group.next() {
            if let first { return first }
        }
        throw CancellationError()
    }
}
