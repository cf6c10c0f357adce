// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// One number that all event loops count in.
package final class StatCell: Sendable {
    private let value = Atomic<Int>(0)

    package init() {}

    package func add(_ count: Int = 1) { self.value.wrappingAdd(count, ordering: .relaxed) }
    package var current: Int { self.value.load(ordering: .relaxed) }
}
