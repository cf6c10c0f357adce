// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Which resources a list or a watch is about.
package struct ResourceQuery: Sendable, Hashable {
    /// Nil: every kind.
    package var kind: ResourceKind?
    /// Nil: every namespace.
    package var namespace: String?
    package var name: String?
    package var labels: LabelQuery

    package init(kind: ResourceKind? = nil, namespace: String? = nil, name: String? = nil, labels: LabelQuery = LabelQuery()) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.labels = labels
    }

    package func matches(_ resource: ValidatedResource) -> Bool {
        if let kind, resource.kind != kind { return false }
        if let namespace, resource.key.namespace != namespace { return false }
        if let name, resource.metadata.name != name { return false }
        return labels.matches(resource.metadata.labels)
    }

    /// The event as somebody sees it who sees only what matches: what starts to match is added, what stops is deleted.
    package func view(of event: ResourceEvent) -> ResourceEvent? {
        let matchedBefore = event.previous.map(matches)
        let matchesNow = matches(event.resource)
        var seen = event
        switch event.change {
        case .added, .deleted: return matchesNow || (event.change == .deleted && matchedBefore == true) ? event : nil
        case .modified:
            switch (matchedBefore, matchesNow) {
            case (false, false): return nil
            case (false, true): seen.change = .added
            case (true, true), (nil, true): break
            case (true, false), (nil, false):
                guard sameObject(event.resource) else { return nil }
                seen.change = .deleted
            }
            return seen
        }
    }

    private func sameObject(_ resource: ValidatedResource) -> Bool {
        var unlabelled = self
        unlabelled.labels = LabelQuery()
        return unlabelled.matches(resource)
    }
}
