// SPDX-License-Identifier: Apache-2.0
import Observability

/// Plain numbers of one event loop that Envoy has too. They are counted up where something ends, and read when somebody asks.
protocol StatGroup: AnyObject {
    static var columns: [StatColumn<Self>] { get }
}

/// What one of them is called, and where it is.
struct StatColumn<Group>: Sendable {
    let field: StatField
    let read: @Sendable (Group) -> Int

    static func counter(_ name: String, _ read: @escaping @Sendable (Group) -> Int) -> StatColumn {
        StatColumn(field: StatField(name), read: read)
    }

    static func gauge(_ name: String, _ read: @escaping @Sendable (Group) -> Int) -> StatColumn {
        StatColumn(field: StatField(name, .gauge), read: read)
    }

    /// A gauge that every event loop has for itself.
    static func common(
        _ name: String, _ kind: StatName.Kind = .gauge, _ read: @escaping @Sendable (Group) -> Int
    ) -> StatColumn {
        StatColumn(field: StatField(name, kind, .largest), read: read)
    }
}

extension StatGroup {
    func block(_ prefix: StatPrefix, _ columns: [StatColumn<Self>] = Self.columns) -> StatBlock {
        StatBlock(prefix, columns.map(\.field), columns.map { $0.read(self) })
    }
}
