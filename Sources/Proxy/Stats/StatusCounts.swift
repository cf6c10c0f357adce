// SPDX-License-Identifier: Apache-2.0
import Observability

/// How often which status was answered. There are few of them, and mostly it is the first again.
struct StatusCounts {
    private var counts: [(status: UInt16, count: Int)] = []

    mutating func add(_ status: UInt16) {
        for index in self.counts.indices where self.counts[index].status == status {
            self.counts[index].count &+= 1
            return
        }
        self.counts.append((status, 1))
    }

    /// As in Envoy, names of statuses are there from the first answer on.
    ///
    /// - Parameter part: What stands before the names; empty: these are all answers, whose number is there from the beginning.
    func blocks(_ prefix: StatPrefix, _ part: String) -> [StatBlock] {
        guard !self.counts.isEmpty || part.isEmpty else { return [] }
        var classes: [UInt16: Int] = [:]
        var blocks: [StatBlock] = []
        func add(_ name: String, _ value: Int) {
            blocks.append(StatBlock(prefix, [StatField("\(part)upstream_rq_\(name)")], [value]))
        }
        for (status, count) in self.counts {
            classes[status / 100, default: 0] &+= count
            add("\(status)", count)
        }
        for (kind, count) in classes where (1...5).contains(kind) { add("\(kind)xx", count) }
        add("completed", self.counts.reduce(0) { $0 &+ $1.count })
        return blocks
    }
}
