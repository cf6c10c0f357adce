// SPDX-License-Identifier: Apache-2.0

/// Field numbers of the Kubernetes messages that `kubectl create` sends as protobuf, as far as the kinds served here have them.
indirect enum ProtobufSchema: Sendable {
    case string
    case bool
    case integer
    case strings
    case stringMap
    case message([Int: Field])
    case messages([Int: Field])
    /// `IntOrString`: a port number or a port name.
    case integerOrString

    struct Field: Sendable {
        var name: String
        var type: ProtobufSchema

        init(_ name: String, _ type: ProtobufSchema) {
            self.name = name
            self.type = type
        }
    }

    /// Nil for kinds that kubectl only knows as JSON.
    static func fields(apiVersion: String, kind: String) -> [Int: Field]? {
        switch (apiVersion, kind) {
        case ("v1", "Namespace"): [1: metadata, 2: Field("spec", .message([1: Field("finalizers", .strings)]))]
        case ("v1", "Service"): [1: metadata, 2: Field("spec", .message(service))]
        case ("v1", "ServiceAccount"):
            [
                1: metadata, 2: Field("secrets", .messages(reference)),
                3: Field("imagePullSecrets", .messages([1: Field("name", .string)])),
                4: Field("automountServiceAccountToken", .bool),
            ]
        case ("authentication.k8s.io/v1", "TokenRequest"):
            [
                1: metadata,
                2: Field("spec", .message([1: Field("audiences", .strings), 4: Field("expirationSeconds", .integer)])),
            ]
        case (_, "DeleteOptions"):
            [
                1: Field("gracePeriodSeconds", .integer),
                2: Field("preconditions", .message([1: Field("uid", .string), 2: Field("resourceVersion", .string)])),
                4: Field("propagationPolicy", .string), 5: Field("dryRun", .strings),
            ]
        default: nil
        }
    }

    /// What the server owns, such as times, is left out.
    private static let metadata = Field(
        "metadata",
        .message([
            1: Field("name", .string), 2: Field("generateName", .string), 3: Field("namespace", .string), 5: Field("uid", .string),
            6: Field("resourceVersion", .string), 11: Field("labels", .stringMap), 12: Field("annotations", .stringMap),
            14: Field("finalizers", .strings),
        ]))

    private static let reference: [Int: Field] = [
        1: Field("kind", .string), 2: Field("namespace", .string), 3: Field("name", .string), 4: Field("uid", .string),
        5: Field("apiVersion", .string), 6: Field("resourceVersion", .string), 7: Field("fieldPath", .string),
    ]

    private static let service: [Int: Field] = [
        1: Field(
            "ports",
            .messages([
                1: Field("name", .string), 2: Field("protocol", .string), 3: Field("port", .integer),
                4: Field("targetPort", .integerOrString), 5: Field("nodePort", .integer), 6: Field("appProtocol", .string),
            ])),
        2: Field("selector", .stringMap), 3: Field("clusterIP", .string), 4: Field("type", .string),
        5: Field("externalIPs", .strings), 7: Field("sessionAffinity", .string), 8: Field("loadBalancerIP", .string),
        9: Field("loadBalancerSourceRanges", .strings), 10: Field("externalName", .string),
        11: Field("externalTrafficPolicy", .string), 12: Field("healthCheckNodePort", .integer),
        13: Field("publishNotReadyAddresses", .bool), 17: Field("ipFamilyPolicy", .string), 18: Field("clusterIPs", .strings),
        19: Field("ipFamilies", .strings), 20: Field("allocateLoadBalancerNodePorts", .bool),
        21: Field("loadBalancerClass", .string), 22: Field("internalTrafficPolicy", .string),
        23: Field("trafficDistribution", .string),
    ]
}
