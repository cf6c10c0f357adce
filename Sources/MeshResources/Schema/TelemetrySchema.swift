// SPDX-License-Identifier: Apache-2.0

/// telemetry.istio.io Telemetry.
enum TelemetrySchema {
    private static let workloadMode: FieldType = .enumeration(TelemetryPolicy.WorkloadMode.allCases.map(\.rawValue))
    private static let providers: FieldType = .list(.object("ProviderRef", ["name": .string]))

    static let spec: FieldType = .object(
        "Telemetry",
        [
            "selector": SharedSchema.workloadSelector, "targetRef": SharedSchema.targetReference,
            "targetRefs": .list(SharedSchema.targetReference), "tracing": .list(tracing), "metrics": .list(metrics),
            "accessLogging": .list(accessLogging),
        ])

    private static let accessLogging: FieldType = .object(
        "AccessLogging",
        [
            "match": .object("LogSelector", ["mode": workloadMode]), "providers": providers, "disabled": .bool,
            "filter": .object("Filter", ["expression": .string]),
        ])

    private static let tracing: FieldType = .object(
        "Tracing",
        [
            "match": .object("TracingSelector", ["mode": workloadMode]), "providers": providers,
            "randomSamplingPercentage": .number, "disableSpanReporting": .bool,
            "customTags": .map(
                .object(
                    "CustomTag",
                    [
                        "literal": .object("Literal", ["value": .string]),
                        "environment": .object("Environment", ["name": .string, "defaultValue": .string]),
                        "header": .object("RequestHeader", ["name": .string, "defaultValue": .string]),
                        "formatter": .object("Formatter", ["value": .string]),
                    ])),
            "useRequestIdForTraceSampling": .bool, "enableIstioTags": .bool, "disableContextPropagation": .bool,
        ])

    private static let metrics: FieldType = .object(
        "Metrics",
        [
            "providers": providers,
            "overrides": .list(
                .object(
                    "MetricsOverrides",
                    [
                        "match": .object(
                            "MetricSelector",
                            [
                                "metric": .enumeration([
                                    "ALL_METRICS", "REQUEST_COUNT", "REQUEST_DURATION", "REQUEST_SIZE", "RESPONSE_SIZE",
                                    "TCP_OPENED_CONNECTIONS", "TCP_CLOSED_CONNECTIONS", "TCP_SENT_BYTES", "TCP_RECEIVED_BYTES",
                                    "GRPC_REQUEST_MESSAGES", "GRPC_RESPONSE_MESSAGES",
                                ]), "customMetric": .string, "mode": workloadMode,
                            ]), "disabled": .bool,
                        "tagOverrides": .map(
                            .object(
                                "TagOverride", ["operation": .enumeration(["UPSERT", "REMOVE"]), "value": .string])),
                    ])), "reportingInterval": .duration,
        ])
}
