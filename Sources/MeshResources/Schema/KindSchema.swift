// SPDX-License-Identifier: Apache-2.0

/// The one description of each kind: checking, finding where a misplaced field belongs, and what the API publishes come from it.
package enum KindSchema {
    package static func object(_ kind: ResourceKind) -> ObjectSchema {
        var fields = [
            FieldSchema(name: "apiVersion", type: .string), FieldSchema(name: "kind", type: .string),
            FieldSchema(name: "metadata", type: metadata),
        ]
        switch kind {
        case .namespace: fields.append(FieldSchema(name: "spec", type: .object("NamespaceSpec", ["finalizers": .strings])))
        case .service: fields.append(FieldSchema(name: "spec", type: CoreSchema.service))
        case .serviceAccount:
            fields += [
                FieldSchema(name: "secrets", type: .any), FieldSchema(name: "imagePullSecrets", type: .any),
                FieldSchema(name: "automountServiceAccountToken", type: .bool),
            ]
        case .virtualService: fields.append(FieldSchema(name: "spec", type: VirtualServiceSchema.spec))
        case .destinationRule: fields.append(FieldSchema(name: "spec", type: DestinationRuleSchema.spec))
        case .serviceEntry: fields.append(FieldSchema(name: "spec", type: ServiceEntrySchema.spec))
        case .workloadEntry: fields.append(FieldSchema(name: "spec", type: ServiceEntrySchema.workloadEntry))
        case .peerAuthentication: fields.append(FieldSchema(name: "spec", type: SecuritySchema.peerAuthentication))
        case .authorizationPolicy: fields.append(FieldSchema(name: "spec", type: SecuritySchema.authorizationPolicy))
        case .telemetry: fields.append(FieldSchema(name: "spec", type: TelemetrySchema.spec))
        }
        fields.append(FieldSchema(name: "status", type: .any))
        return ObjectSchema(name: kind.name, fields: fields)
    }

    /// Kubernetes ObjectMeta. What the server owns is accepted and set anew.
    private static let metadata: FieldType = .object(
        "ObjectMeta",
        [
            "name": .string, "namespace": .string, "labels": .stringMap, "annotations": .stringMap, "uid": .string,
            "resourceVersion": .string, "generation": .integer, "creationTimestamp": .string, "generateName": .string,
            "deletionTimestamp": .string, "deletionGracePeriodSeconds": .integer, "finalizers": .strings,
            "ownerReferences": .any, "managedFields": .any, "selfLink": .string,
        ])
}

/// Types that several kinds share.
enum SharedSchema {
    static let stringMatch: FieldType = .object(
        "StringMatch", ["exact": .string, "prefix": .string, "regex": .string])
    static let matchMap: FieldType = .map(stringMatch)
    static let percent: FieldType = .object("Percent", ["value": .number])
    static let portSelector: FieldType = .object("PortSelector", ["number": .unsigned])
    static let workloadSelector: FieldType = .object("WorkloadSelector", ["matchLabels": .stringMap])
    static let targetReference: FieldType = .object(
        "PolicyTargetReference", ["group": .string, "kind": .string, "name": .string, "namespace": .string])
}
