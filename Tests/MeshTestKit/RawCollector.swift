// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What a connection has received so far.
final class RawCollector: Sendable {
    private let state = Mutex(RawAnswer())

    var answer: RawAnswer { self.state.withLock { $0 } }

    func append(_ bytes: some Collection<UInt8>) { self.state.withLock { $0.bytes.append(contentsOf: bytes) } }

    func closed() { self.state.withLock { $0.isClosed = true } }
}
