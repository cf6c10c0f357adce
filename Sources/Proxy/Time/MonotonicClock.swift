// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Where decisions that remember times get them from; a seam for tests. Timers are the loops' own.
package struct MonotonicClock: Sendable {
    private let read: @Sendable () -> UInt64

    /// - Parameter read: nanoseconds that never go back, from any start.
    package init(_ read: @escaping @Sendable () -> UInt64) { self.read = read }

    package static let system = MonotonicClock { NIODeadline.now().uptimeNanoseconds }

    func now() -> UInt64 { self.read() }
}
