// SPDX-License-Identifier: Apache-2.0
package import XDSProtocol

/// Every xDS resource that a proxy has accepted, by type and name.
package struct ResourceTable: Sendable, Hashable {
    package private(set) var byType: [ResourceType: [String: XDSResource]]

    package init(byType: [ResourceType: [String: XDSResource]] = [:]) { self.byType = byType }

    package var isEmpty: Bool { self.byType.values.allSatisfy(\.isEmpty) }

    /// Sorted by name.
    package subscript(type: ResourceType) -> [XDSResource] {
        (self.byType[type] ?? [:]).values.sorted { $0.name < $1.name }
    }

    package func names(of type: ResourceType) -> Set<String> { Set((self.byType[type] ?? [:]).keys) }

    package mutating func apply(_ type: ResourceType, upserted: [XDSResource], removed: [String]) {
        var resources = self.byType[type] ?? [:]
        for resource in upserted { resources[resource.name] = resource }
        for name in removed { resources.removeValue(forKey: name) }
        self.byType[type] = resources.isEmpty ? nil : resources
    }

    /// The resources of both; those of `other` win.
    package func merging(_ other: ResourceTable) -> ResourceTable {
        ResourceTable(byType: self.byType.merging(other.byType) { $0.merging($1) { $1 } })
    }
}
