// SPDX-License-Identifier: Apache-2.0

/// The numbers of one group as one event loop has them. Names are put together only where somebody reads them.
package struct StatBlock: Sendable {
    /// Blocks that begin alike hold the same fields.
    fileprivate struct Key: Hashable {
        var prefix: StatPrefix
        var first: String
    }

    private let prefix: StatPrefix
    private let fields: [StatField]
    private var values: [Int]

    package init(_ prefix: StatPrefix, _ fields: [StatField], _ values: [Int]) {
        self.prefix = prefix
        self.fields = fields
        self.values = values
    }

    fileprivate var key: Key? { self.fields.first.map { Key(prefix: self.prefix, first: $0.name) } }

    fileprivate mutating func merge(_ other: StatBlock) {
        for (index, (field, value)) in zip(other.fields, other.values).enumerated() where self.values.indices.contains(index) {
            switch field.merging {
            case .sum: self.values[index] &+= value
            case .largest: self.values[index] = max(self.values[index], value)
            }
        }
    }

    fileprivate var samples: [StatSample] {
        zip(self.fields, self.values).map { StatSample(name: self.prefix.name($0.name, $0.kind), value: $1) }
    }
}

extension [StatBlock] {
    /// Of all loops, in no order.
    package func merged() -> [StatSample] {
        var blocks: [StatBlock.Key: StatBlock] = [:]
        for block in self {
            guard let key = block.key else { continue }
            if blocks[key]?.merge(block) == nil { blocks[key] = block }
        }
        return blocks.values.flatMap(\.samples)
    }
}
