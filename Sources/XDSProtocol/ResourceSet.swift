// SPDX-License-Identifier: Apache-2.0

/// All resources of one type that one proxy may see. Of two with one name the later counts.
package struct ResourceSet: Sendable, Hashable {
    private let byName: [String: XDSResource]
    /// Sorted, so that whatever is made from a set comes out the same every time.
    package let names: [String]

    package init(_ resources: some Sequence<XDSResource> = []) {
        self.byName = Dictionary(resources.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        self.names = self.byName.keys.sorted()
    }

    package subscript(name: String) -> XDSResource? { self.byName[name] }

    package var isEmpty: Bool { self.names.isEmpty }
    package var count: Int { self.names.count }

    /// Sorted by name.
    package var resources: [XDSResource] { self.names.compactMap { self.byName[$0] } }
}
