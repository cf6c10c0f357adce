// SPDX-License-Identifier: Apache-2.0

/// security.istio.io.
enum SecuritySchema {
    private static let mode: FieldType = .object(
        "MutualTLS", ["mode": .enumeration(PeerAuthentication.Mode.allCases.map(\.rawValue))])

    static let peerAuthentication: FieldType = .object(
        "PeerAuthentication",
        ["selector": SharedSchema.workloadSelector, "mtls": mode, "portLevelMtls": .map(mode)])

    static let authorizationPolicy: FieldType = .object(
        "AuthorizationPolicy",
        [
            "selector": SharedSchema.workloadSelector, "targetRef": SharedSchema.targetReference,
            "targetRefs": .list(SharedSchema.targetReference),
            "action": .enumeration(AuthorizationPolicy.Action.allCases.map(\.rawValue)),
            "rules": .list(
                .object(
                    "Rule",
                    [
                        "from": .list(.object("From", ["source": source])), "to": .list(.object("To", ["operation": operation])),
                        "when": .list(
                            .object("Condition", ["key": .string, "values": .strings, "notValues": .strings])),
                    ])),
            "provider": .object("ExtensionProvider", ["name": .string]),
        ])

    private static let source: FieldType = .object(
        "Source",
        [
            "principals": .strings, "notPrincipals": .strings, "requestPrincipals": .strings, "notRequestPrincipals": .strings,
            "namespaces": .strings, "notNamespaces": .strings, "ipBlocks": .strings, "notIpBlocks": .strings,
            "remoteIpBlocks": .strings, "notRemoteIpBlocks": .strings, "serviceAccounts": .strings,
            "notServiceAccounts": .strings, "trustDomains": .strings, "notTrustDomains": .strings,
        ])

    private static let operation: FieldType = .object(
        "Operation",
        [
            "hosts": .strings, "notHosts": .strings, "ports": .strings, "notPorts": .strings, "methods": .strings,
            "notMethods": .strings, "paths": .strings, "notPaths": .strings,
        ])
}
