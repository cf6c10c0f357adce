// SPDX-License-Identifier: Apache-2.0

/// networking.istio.io ServiceEntry and WorkloadEntry.
enum ServiceEntrySchema {
    static let spec: FieldType = .object(
        "ServiceEntry",
        [
            "hosts": .strings, "addresses": .strings,
            "ports": .list(
                .object(
                    "ServicePort",
                    ["number": .unsigned, "protocol": .string, "name": .string, "targetPort": .unsigned])),
            "location": .enumeration(ServiceEntry.Location.allCases.map(\.rawValue)),
            "resolution": .enumeration(ServiceEntry.Resolution.allCases.map(\.rawValue)), "endpoints": .list(workloadEntry),
            "workloadSelector": .object("WorkloadSelector", ["labels": .stringMap]), "exportTo": .strings,
            "subjectAltNames": .strings,
        ])

    static let workloadEntry: FieldType = .object(
        "WorkloadEntry",
        [
            "address": .string, "ports": .map(.unsigned), "labels": .stringMap, "network": .string, "locality": .string,
            "weight": .unsigned, "serviceAccount": .string,
        ])
}
