// SPDX-License-Identifier: Apache-2.0

/// A number that stands for labels a `TelemetryShard` has seen. Only valid with the shard that gave it.
package struct InternedLabels: Sendable, Hashable {
    let index: UInt32

    /// All `unknown`; what a shard that has seen too many answers with.
    package static let unknown = InternedLabels(index: 0)
}
