// SPDX-License-Identifier: Apache-2.0

/// core/v1, as far as a mesh looks at it; the rest of a Service is accepted and kept.
enum CoreSchema {
    static let service: FieldType = .object(
        "ServiceSpec",
        [
            "ports": .list(
                .object(
                    "ServicePort",
                    [
                        "name": .string, "port": .integer(1...65535), "targetPort": .integerOrString,
                        "protocol": .enumeration(["TCP", "UDP", "SCTP"]), "appProtocol": .string, "nodePort": .integer(0...65535),
                    ])),
            "selector": .stringMap, "clusterIP": .string, "clusterIPs": .strings,
            "type": .enumeration(["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]), "externalName": .string,
            "externalIPs": .strings, "sessionAffinity": .string, "sessionAffinityConfig": .any, "loadBalancerIP": .string,
            "loadBalancerSourceRanges": .strings, "loadBalancerClass": .string, "externalTrafficPolicy": .string,
            "internalTrafficPolicy": .string, "healthCheckNodePort": .integer, "publishNotReadyAddresses": .bool,
            "ipFamilies": .strings, "ipFamilyPolicy": .string, "allocateLoadBalancerNodePorts": .bool,
            "trafficDistribution": .string,
        ])
}
