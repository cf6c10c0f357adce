// SPDX-License-Identifier: Apache-2.0
import XDSProtocol

/// The references of whole tables. Each resource is read once, as long as it stays the same.
struct ReferenceIndex {
    private struct Key: Hashable {
        var type: ResourceType
        var name: String
        var version: String
    }

    private var known: [Key: ResourceReferences] = [:]

    mutating func all(of table: ResourceTable) -> ResourceReferences {
        var all = ResourceReferences()
        var count = 0
        for type in [ResourceType.cluster, .listener] {
            for (name, resource) in table.byType[type] ?? [:] {
                let key = Key(type: type, name: name, version: resource.version)
                let references = self.known[key] ?? ResourceReferences(resource, type)
                self.known[key] = references
                all.merge(references)
                count += 1
            }
        }
        // What is gone is forgotten now and then.
        if self.known.count > 2 * count + 64 { self.known = [:] }
        return all
    }
}
