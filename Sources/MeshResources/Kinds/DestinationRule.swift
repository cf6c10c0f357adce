// SPDX-License-Identifier: Apache-2.0

/// What applies to traffic after routing: subsets, balancing, limits, TLS (`networking.istio.io` DestinationRule).
package struct DestinationRule: Sendable, Hashable {
    package var host: String
    package var trafficPolicy: TrafficPolicy?
    package var subsets: [DestinationSubset]
    package var exportTo: [String]?
    package var workloadSelector: WorkloadLabelSelector?

    package init(spec: ManifestValue) {
        host = spec.string("host") ?? ""
        trafficPolicy = spec["trafficPolicy"].map(TrafficPolicy.init)
        subsets = spec.list("subsets", DestinationSubset.init)
        exportTo = spec.strings("exportTo")
        workloadSelector = spec["workloadSelector"].map(WorkloadLabelSelector.init)
    }
}

/// Some of a service's endpoints, by label.
package struct DestinationSubset: Sendable, Hashable {
    package var name: String
    package var labels: [String: String]
    package var trafficPolicy: TrafficPolicy?

    package init(_ tree: ManifestValue) {
        name = tree.string("name") ?? ""
        labels = tree.stringMap("labels") ?? [:]
        trafficPolicy = tree["trafficPolicy"].map(TrafficPolicy.init)
    }
}
