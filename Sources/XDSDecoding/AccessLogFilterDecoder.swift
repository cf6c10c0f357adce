// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Which requests a log takes.
enum AccessLogFilterDecoder {
    private typealias Wire = Envoy_Config_Accesslog_V3_AccessLogFilter

    /// Deep enough for what people write, and for no stack to end.
    private static let maximumDepth = 16

    static func decode(
        _ filter: Envoy_Config_Accesslog_V3_AccessLogFilter, _ context: FieldContext, depth: Int = 0
    ) throws(DecodingError) -> AccessLogConfiguration.Filter {
        guard depth < Self.maximumDepth else { throw context.error("is nested too deeply") }
        switch filter.filterSpecifier {
        case .statusCodeFilter(let status):
            return .status(try Self.comparison(status.comparison, context.field("status_code_filter.comparison")))
        case .durationFilter(let duration):
            return .duration(try Self.comparison(duration.comparison, context.field("duration_filter.comparison")))
        case .notHealthCheckFilter:
            // This proxy has no health check filter: no request is marked as one.
            return .all([])
        case .runtimeFilter(let runtime):
            return .share(try MatchDecoder.fraction(runtime.percentSampled, context.field("runtime_filter.percent_sampled")))
        case .andFilter(let and): return .all(try Self.list(and.filters, context.field("and_filter"), depth))
        case .orFilter(let or): return .oneOf(try Self.list(or.filters, context.field("or_filter"), depth))
        case .headerFilter(let header):
            return .header(try MatchDecoder.header(header.header, context.field("header_filter.header")))
        case .responseFlagFilter(let flags): return .responseFlags(Set(flags.flags))
        case .grpcStatusFilter(let status): return .grpcStatus(Set(status.statuses.map(\.rawValue)), excludes: status.exclude)
        case nil: throw context.error("is empty")
        }
    }

    private static func list(
        _ filters: [Envoy_Config_Accesslog_V3_AccessLogFilter], _ context: FieldContext, _ depth: Int
    ) throws(DecodingError) -> [AccessLogConfiguration.Filter] {
        guard filters.count >= 2 else { throw context.field("filters").error("has to have two or more") }
        var result: [AccessLogConfiguration.Filter] = []
        for (index, filter) in filters.enumerated() {
            result.append(try Self.decode(filter, context.element("filters", index), depth: depth + 1))
        }
        return result
    }

    private static func comparison(
        _ comparison: Envoy_Config_Accesslog_V3_ComparisonFilter, _ context: FieldContext
    ) throws(DecodingError) -> AccessLogConfiguration.Comparison {
        let value = comparison.value.defaultValue
        return switch comparison.op {
        case .eq: AccessLogConfiguration.Comparison(.equal, value)
        case .ge: AccessLogConfiguration.Comparison(.atLeast, value)
        case .le: AccessLogConfiguration.Comparison(.atMost, value)
        case .ne: AccessLogConfiguration.Comparison(.notEqual, value)
        case .UNRECOGNIZED: throw context.field("op").error("is unknown")
        }
    }
}
