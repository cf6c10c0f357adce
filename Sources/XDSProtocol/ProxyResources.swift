// SPDX-License-Identifier: Apache-2.0

/// Everything that one proxy may see at one moment.
package struct ProxyResources: Sendable, Hashable {
    /// The snapshot that this was made from; for people (`proxy-status`, logs), not for decisions.
    package let generation: String
    private let sets: [ResourceType: ResourceSet]

    package init(generation: String, byType: [ResourceType: ResourceSet]) {
        self.generation = generation
        self.sets = byType
    }

    /// Types that the protocol does not know are left out.
    package init(generation: String, byType: [String: ResourceSet]) {
        var sets: [ResourceType: ResourceSet] = [:]
        for (typeURL, set) in byType {
            if let type = ResourceType(typeURL: typeURL) { sets[type] = set }
        }
        self.init(generation: generation, byType: sets)
    }

    package subscript(type: ResourceType) -> ResourceSet { self.sets[type] ?? ResourceSet() }
}
