// SPDX-License-Identifier: Apache-2.0

/// Who may call what (`security.istio.io` AuthorizationPolicy).
package struct AuthorizationPolicy: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable, CaseIterable {
        case allow = "ALLOW"
        case deny = "DENY"
        case audit = "AUDIT"
        case custom = "CUSTOM"
    }

    /// Who calls; lists that are set must each have a match, `not…` lists must have none. Nil: anyone.
    package struct Source: Sendable, Hashable {
        package var principals: [String]
        package var notPrincipals: [String]
        package var requestPrincipals: [String]
        package var notRequestPrincipals: [String]
        package var namespaces: [String]
        package var notNamespaces: [String]
        package var ipBlocks: [String]
        package var notIPBlocks: [String]
        package var remoteIPBlocks: [String]
        package var notRemoteIPBlocks: [String]
        package var serviceAccounts: [String]
        package var notServiceAccounts: [String]
        package var trustDomains: [String]
        package var notTrustDomains: [String]
    }

    /// What is called.
    package struct Operation: Sendable, Hashable {
        package var hosts: [String]
        package var notHosts: [String]
        package var ports: [String]
        package var notPorts: [String]
        package var methods: [String]
        package var notMethods: [String]
        package var paths: [String]
        package var notPaths: [String]
    }

    package struct Condition: Sendable, Hashable {
        package var key: String
        package var values: [String]
        package var notValues: [String]
    }

    /// Matches when one of `from`, one of `to` and all of `when` do. A nil list is not asked.
    package struct Rule: Sendable, Hashable {
        package var from: [Source]?
        package var to: [Operation]?
        package var when: [Condition]
    }

    package var selector: WorkloadLabelSelector?
    package var targetRefs: [PolicyTargetReference]
    package var action: Action
    /// Empty: matches nothing.
    package var rules: [Rule]
    package var provider: String?

    package init(spec: ManifestValue) {
        selector = spec["selector"].map(WorkloadLabelSelector.init)
        targetRefs = PolicyTargetReference.list(spec)
        action = spec.string("action").flatMap(Action.init) ?? .allow
        rules = spec.list("rules", Rule.init)
        provider = spec["provider"]?.string("name")
    }
}

extension AuthorizationPolicy.Rule {
    init(_ tree: ManifestValue) {
        from = tree.optionalList("from") { $0["source"].map(AuthorizationPolicy.Source.init) }
        to = tree.optionalList("to") { $0["operation"].map(AuthorizationPolicy.Operation.init) }
        when = tree.list("when") {
            AuthorizationPolicy.Condition(
                key: $0.string("key") ?? "", values: $0.strings("values") ?? [], notValues: $0.strings("notValues") ?? [])
        }
    }
}

extension AuthorizationPolicy.Source {
    init(_ tree: ManifestValue) {
        func list(_ key: String) -> [String] { tree.strings(key) ?? [] }
        self.init(
            principals: list("principals"), notPrincipals: list("notPrincipals"),
            requestPrincipals: list("requestPrincipals"), notRequestPrincipals: list("notRequestPrincipals"),
            namespaces: list("namespaces"), notNamespaces: list("notNamespaces"), ipBlocks: list("ipBlocks"),
            notIPBlocks: list("notIpBlocks"), remoteIPBlocks: list("remoteIpBlocks"),
            notRemoteIPBlocks: list("notRemoteIpBlocks"), serviceAccounts: list("serviceAccounts"),
            notServiceAccounts: list("notServiceAccounts"), trustDomains: list("trustDomains"),
            notTrustDomains: list("notTrustDomains"))
    }
}

extension AuthorizationPolicy.Operation {
    init(_ tree: ManifestValue) {
        func list(_ key: String) -> [String] { tree.strings(key) ?? [] }
        self.init(
            hosts: list("hosts"), notHosts: list("notHosts"), ports: list("ports"), notPorts: list("notPorts"),
            methods: list("methods"), notMethods: list("notMethods"), paths: list("paths"), notPaths: list("notPaths"))
    }
}
