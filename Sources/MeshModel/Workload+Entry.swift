// SPDX-License-Identifier: Apache-2.0
import MeshResources

extension Workload {
    /// Set by hand where a workload has a sidecar though it has no service account, or none though it has one.
    private static let tlsModeLabel = "security.istio.io/tlsMode"

    /// `labels` are those of the resource itself; the entry's own win.
    init(
        entry: WorkloadEntry, name: String, namespace: String, labels: [String: String], source: Source = .workloadEntry,
        mayHaveSidecar: Bool = true
    ) {
        let merged = labels.merging(entry.labels) { $1 }
        let account = entry.serviceAccount.flatMap { $0.isEmpty ? nil : $0 }
        let hasSidecar = merged[Self.tlsModeLabel].map { $0 == "istio" } ?? (account != nil)
        self.init(
            name: name, namespace: namespace, source: source, address: entry.address, ports: entry.ports, labels: merged,
            serviceAccount: account, locality: entry.locality ?? "", weight: max(entry.weight ?? 1, 1),
            hasSidecar: mayHaveSidecar && hasSidecar)
    }
}
