// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// DestinationRules about a host that no service has, and subsets that no workload of the service is in.
struct DestinationRuleHostCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        snapshot.destinationRules.all.flatMap { rule in
            let key = ResourceKey(kind: .destinationRule, namespace: rule.namespace, name: rule.name)
            let host = Hostname.resolve(
                rule.specification.host, namespace: rule.namespace, domain: snapshot.configuration.domain)
            let services = snapshot.services.filter { Hostname.covers(host, $0.hostname) || Hostname.covers($0.hostname, host) }
            guard !services.isEmpty else {
                let text =
                    "The host \(rule.specification.host) defined in the DestinationRule does not match any services in the mesh."
                return [Finding(.unknownDestinationRuleHost, key, path: "spec.host", text)]
            }
            let workloads = services.flatMap(snapshot.workloads)
            return rule.specification.subsets.enumerated().compactMap { index, subset in
                guard !workloads.contains(where: { LabelMatch.matches(subset.labels, $0.labels) }) else { return nil }
                return Finding(
                    .subsetSelectsNothing, key, path: "spec.subsets[\(index)]",
                    "The Subset \(subset.name) defined in the DestinationRule does not select any pods. Which may lead to 503 UH (NoHealthyUpstream)."
                )
            }
        }
    }
}
