// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// The authorization filters of a workload's listeners: what DENY policies name goes first, then what ALLOW policies want.
struct AuthorizationTranslation {
    private let policies: [Configured<AuthorizationPolicy>]
    private let trustDomain: String

    init(node: ProxyNode, snapshot: MeshSnapshot) {
        policies = snapshot.authorizationPolicies(namespace: node.namespace, labels: node.labels)
        trustDomain = snapshot.configuration.trustDomain
    }

    func httpFilters(port: Int) -> [Wire.HTTPFilter] {
        stages(port: port, isHTTP: true).map { stage in
            .with {
                $0.name = ExtensionName.httpRBAC
                $0.typedConfig = WireBytes.packed(
                    Wire.HTTPRBAC.with {
                        if let rules = stage.enforced { $0.rules = rules }
                        if let rules = stage.dryRun { $0.shadowRules = rules }
                    })
            }
        }
    }

    func networkFilters(port: Int) -> [Wire.NetworkFilter] {
        stages(port: port, isHTTP: false).map { stage in
            .with {
                $0.name = ExtensionName.networkRBAC
                $0.typedConfig = WireBytes.packed(
                    Wire.NetworkRBAC.with {
                        $0.statPrefix = "tcp."
                        if let rules = stage.enforced { $0.rules = rules }
                        if let rules = stage.dryRun { $0.shadowRules = rules }
                    })
            }
        }
    }

    // MARK: Stages

    private struct Stage {
        var enforced: Wire.RBAC?
        var dryRun: Wire.RBAC?
    }

    private func stages(port: Int, isHTTP: Bool) -> [Stage] {
        let translation = AuthorizationRuleTranslation(port: port, isHTTP: isHTTP, trustDomain: trustDomain)
        var stages: [Stage] = []
        if policies.contains(where: { $0.specification.action == .custom && !Self.isDryRun($0) }) {
            // Nobody to ask: as Istio does with a provider it does not know, refuse everything.
            let everything = Wire.Policy.with {
                $0.permissions = [PermissionMatchers.any]
                $0.principals = [PrincipalMatchers.any]
            }
            stages.append(
                Stage(
                    enforced: .with {
                        $0.action = .deny
                        $0.policies = ["default-deny-all-due-to-bad-CUSTOM-action": everything]
                    }))
        }
        for action in [AuthorizationPolicy.Action.deny, .allow] {
            let stage = Stage(
                enforced: rules(action, dryRun: false, translation), dryRun: rules(action, dryRun: true, translation))
            if stage.enforced != nil || stage.dryRun != nil { stages.append(stage) }
        }
        return stages
    }

    /// Nil when no policy of that action touches the workload. An ALLOW without a rule that can match is there and empty: it
    /// refuses everything.
    private func rules(
        _ action: AuthorizationPolicy.Action, dryRun: Bool, _ translation: AuthorizationRuleTranslation
    ) -> Wire.RBAC? {
        let relevant = policies.filter { $0.specification.action == action && Self.isDryRun($0) == dryRun }
        guard !relevant.isEmpty else { return nil }
        var named: [String: Wire.Policy] = [:]
        for policy in relevant {
            for (index, rule) in policy.specification.rules.enumerated() {
                guard let wire = translation.policy(rule, action: action, namespace: policy.namespace) else { continue }
                named["ns[\(policy.namespace)]-policy[\(policy.name)]-rule[\(index)]"] = wire
            }
        }
        return .with {
            $0.action = action == .deny ? .deny : .allow
            $0.policies = named
        }
    }

    private static func isDryRun(_ policy: Configured<AuthorizationPolicy>) -> Bool {
        policy.annotations["istio.io/dry-run"] == "true"
    }
}
