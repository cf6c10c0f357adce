// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// TLS to servers whose certificates no roots were named for.
struct ServerVerificationCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        snapshot.destinationRules.all.flatMap { rule -> [Finding] in
            let key = ResourceKey(kind: .destinationRule, namespace: rule.namespace, name: rule.name)
            let spec = rule.specification
            let name = "\(rule.namespace)/\(rule.name)"
            var found: [Finding] = []
            if let tls = spec.trafficPolicy?.tls, isUnverified(tls, spec) {
                found.append(
                    Finding(
                        .serverNotVerified, key, path: "spec.trafficPolicy.tls", text(name, rule.namespace, tls, spec.host)))
            }
            for (index, setting) in (spec.trafficPolicy?.portLevelSettings ?? []).enumerated() {
                guard let tls = setting.policy.tls, isUnverified(tls, spec) else { continue }
                found.append(
                    Finding(
                        .serverNotVerifiedOnPort, key, path: "spec.trafficPolicy.portLevelSettings[\(index)].tls",
                        text(name, rule.namespace, tls, spec.host) + " at port number:\(setting.port ?? 0)"))
            }
            return found
        }
    }

    private func isUnverified(_ tls: ClientTLSSettings, _ rule: DestinationRule) -> Bool {
        guard tls.mode == .simple || tls.mode == .mutual, (tls.caCertificates ?? "").isEmpty else { return false }
        return (tls.credentialName ?? "").isEmpty || rule.workloadSelector == nil
    }

    private func text(_ name: String, _ namespace: String, _ tls: ClientTLSSettings, _ host: String) -> String {
        "DestinationRule \(name) in namespace \(namespace) has TLS mode set to \(tls.mode.rawValue) but no caCertificates are set to validate server identity for host: \(host)"
    }
}
