// SPDX-License-Identifier: Apache-2.0

/// One rule of `spec.tcp`.
package struct VirtualServiceTCPRoute: Sendable, Hashable {
    package var match: [L4Match]
    package var route: [WeightedDestination]

    package init(_ tree: ManifestValue) {
        match = tree.list("match", L4Match.init)
        route = tree.list("route", WeightedDestination.init)
    }
}

/// One rule of `spec.tls`: by server name, without ending TLS.
package struct VirtualServiceTLSRoute: Sendable, Hashable {
    package var match: [L4Match]
    package var route: [WeightedDestination]

    package init(_ tree: ManifestValue) {
        match = tree.list("match", L4Match.init)
        route = tree.list("route", WeightedDestination.init)
    }
}

/// Conditions on a connection; all that are set must hold.
package struct L4Match: Sendable, Hashable {
    package var sniHosts: [String]
    package var destinationSubnets: [String]
    package var port: Int?
    package var sourceLabels: [String: String]
    package var sourceNamespace: String?
    package var gateways: [String]

    package init(_ tree: ManifestValue) {
        sniHosts = tree.strings("sniHosts") ?? []
        destinationSubnets = tree.strings("destinationSubnets") ?? []
        port = tree.int("port")
        sourceLabels = tree.stringMap("sourceLabels") ?? [:]
        sourceNamespace = tree.string("sourceNamespace")
        gateways = tree.strings("gateways") ?? []
    }
}

/// A destination of a TCP or TLS rule.
package struct WeightedDestination: Sendable, Hashable {
    package var destination: Destination
    package var weight: Int

    package init(_ tree: ManifestValue) {
        destination = tree["destination"].map(Destination.init) ?? Destination(host: "")
        weight = tree.int("weight") ?? 0
    }
}
