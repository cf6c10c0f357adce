// SPDX-License-Identifier: Apache-2.0

/// One of the weighted destinations of an HTTP rule.
package struct HTTPRouteDestination: Sendable, Hashable {
    package var destination: Destination
    /// Relative to the sum; absent is 0, except that a single destination gets everything.
    package var weight: Int
    package var headers: HeaderOperations?

    package init(_ tree: ManifestValue) {
        destination = tree["destination"].map(Destination.init) ?? Destination(host: "")
        weight = tree.int("weight") ?? 0
        headers = tree["headers"].map(HeaderOperations.init)
    }
}
