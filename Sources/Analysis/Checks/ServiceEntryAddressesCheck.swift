// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// TCP ports of a ServiceEntry that no address tells from those of others.
struct ServiceEntryAddressesCheck {
    var mesh: AnalyzedMesh

    func findings() -> [Finding] {
        let all = mesh.resources.filter { ($0.tree["status"]?["addresses"]?.array ?? []).isEmpty }.map(\.key)
        return mesh.serviceEntries.filter { $0.entry.addresses.isEmpty && all.contains($0.key) }.flatMap { key, entry in
            entry.ports.enumerated().compactMap { index, port in
                guard ["", "TCP"].contains((port.protocol ?? "").uppercased()) else { return nil }
                return Finding(
                    .serviceEntryAddressesRequired, key, path: "spec.ports[\(index)]",
                    "ServiceEntry addresses are required for this protocol.")
            }
        }
    }
}
