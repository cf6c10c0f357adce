// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI

/// Everything one proxy gets: type URL → name → resource. Same inputs, same bytes.
package struct GeneratedResources: Sendable, Hashable {
    package private(set) var byType: [String: [String: GeneratedResource]]

    package init() {
        byType = [TypeURL.cluster: [:], TypeURL.endpoints: [:], TypeURL.listener: [:], TypeURL.routes: [:]]
    }

    /// Sorted by name.
    package func resources(ofType typeURL: String) -> [GeneratedResource] {
        (byType[typeURL] ?? [:]).values.sorted { $0.name < $1.name }
    }

    package func resource(_ name: String, ofType typeURL: String) -> GeneratedResource? { byType[typeURL]?[name] }

    package mutating func insert(_ resource: GeneratedResource) {
        byType[resource.typeURL, default: [:]][resource.name] = resource
    }

    package mutating func remove(_ name: String, ofType typeURL: String) {
        byType[typeURL]?[name] = nil
    }
}
