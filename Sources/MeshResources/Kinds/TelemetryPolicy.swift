// SPDX-License-Identifier: Apache-2.0

/// What workloads report, and to whom (`telemetry.istio.io` Telemetry).
package struct TelemetryPolicy: Sendable, Hashable {
    package enum WorkloadMode: String, Sendable, Hashable, CaseIterable {
        case clientAndServer = "CLIENT_AND_SERVER"
        case client = "CLIENT"
        case server = "SERVER"
    }

    package struct AccessLogging: Sendable, Hashable {
        package var mode: WorkloadMode
        package var providers: [String]
        package var disabled: Bool?
        /// CEL.
        package var filterExpression: String?
    }

    package struct Tracing: Sendable, Hashable {
        package var mode: WorkloadMode
        package var providers: [String]
        /// 0 … 100; nil inherits.
        package var randomSamplingPercentage: Double?
        package var disableSpanReporting: Bool?
        package var useRequestIDForSampling: Bool?
    }

    package struct MetricOverride: Sendable, Hashable {
        /// `REQUEST_COUNT` …, `ALL_METRICS`; nil with a custom metric.
        package var metric: String?
        package var customMetric: String?
        package var mode: WorkloadMode
        package var disabled: Bool?
        /// Tag → expression; nil removes the tag.
        package var tagOverrides: [String: String?]
    }

    package struct Metrics: Sendable, Hashable {
        package var providers: [String]
        package var overrides: [MetricOverride]
    }

    package var selector: WorkloadLabelSelector?
    package var targetRefs: [PolicyTargetReference]
    package var accessLogging: [AccessLogging]
    package var tracing: [Tracing]
    package var metrics: [Metrics]

    package init(spec: ManifestValue) {
        selector = spec["selector"].map(WorkloadLabelSelector.init)
        targetRefs = PolicyTargetReference.list(spec)
        accessLogging = spec.list("accessLogging") {
            AccessLogging(
                mode: Self.mode($0), providers: Self.providers($0), disabled: $0.bool("disabled"),
                filterExpression: $0["filter"]?.string("expression"))
        }
        tracing = spec.list("tracing") {
            Tracing(
                mode: Self.mode($0), providers: Self.providers($0),
                randomSamplingPercentage: $0.number("randomSamplingPercentage"),
                disableSpanReporting: $0.bool("disableSpanReporting"),
                useRequestIDForSampling: $0.bool("useRequestIdForTraceSampling"))
        }
        metrics = spec.list("metrics") {
            Metrics(providers: Self.providers($0), overrides: $0.list("overrides", Self.metricOverride))
        }
    }

    private static func mode(_ tree: ManifestValue) -> WorkloadMode {
        tree["match"]?.string("mode").flatMap(WorkloadMode.init) ?? .clientAndServer
    }

    private static func providers(_ tree: ManifestValue) -> [String] { tree.list("providers") { $0.string("name") } }

    private static func metricOverride(_ tree: ManifestValue) -> MetricOverride {
        let tags = (tree["tagOverrides"]?.members ?? []).map { member in
            (member.key, member.value.string("operation") == "REMOVE" ? nil : member.value.string("value"))
        }
        return MetricOverride(
            metric: tree["match"]?.string("metric"), customMetric: tree["match"]?.string("customMetric"), mode: mode(tree),
            disabled: tree.bool("disabled"), tagOverrides: Dictionary(tags, uniquingKeysWith: { $1 }))
    }
}
