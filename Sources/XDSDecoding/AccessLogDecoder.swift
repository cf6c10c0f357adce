// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import ProxyModel
import SwiftProtobuf

/// Access logs to files. Formats are handed on as text; who writes the log compiles them.
enum AccessLogDecoder {
    static func decode(
        _ logs: [Envoy_Config_Accesslog_V3_AccessLog], _ context: FieldContext
    ) throws(DecodingError) -> [AccessLogConfiguration] {
        var result: [AccessLogConfiguration] = []
        for (index, log) in logs.enumerated() { result.append(try Self.log(log, context.element("access_log", index))) }
        return result
    }

    private static func log(
        _ log: Envoy_Config_Accesslog_V3_AccessLog, _ context: FieldContext
    ) throws(DecodingError) -> AccessLogConfiguration {
        guard case .typedConfig(let any)? = log.configType else {
            throw context.error("access log \(log.name) has no configuration")
        }
        let (file, inner) = try context.field("typed_config").unpack(
            any, as: Envoy_Extensions_AccessLoggers_File_V3_FileAccessLog.self)
        var format: AccessLogConfiguration.Format = .standard
        if case .logFormat(let substitution)? = file.accessLogFormat {
            format = try Self.format(substitution, inner.field("log_format"))
        }
        return AccessLogConfiguration(
            path: try inner.nonEmpty(file.path, "path"), format: format,
            filter: log.hasFilter ? try Self.filter(log.filter, context.field("filter")) : nil)
    }

    private static func filter(
        _ filter: Envoy_Config_Accesslog_V3_AccessLogFilter, _ context: FieldContext
    ) throws(DecodingError) -> AccessLogConfiguration.Filter {
        guard case .responseFlagFilter(let flags)? = filter.filterSpecifier else {
            throw context.error("is not supported by this proxy")
        }
        return .responseFlags(Set(flags.flags))
    }

    private static func format(
        _ format: Envoy_Config_Core_V3_SubstitutionFormatString, _ context: FieldContext
    ) throws(DecodingError) -> AccessLogConfiguration.Format {
        switch format.format {
        case .textFormat(let text): return .text(text)
        case .textFormatSource(let source):
            switch source.specifier {
            case .inlineString(let text): return .text(text)
            case .inlineBytes(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
            default: throw context.field("text_format_source").error("is not supported by this proxy")
            }
        case .jsonFormat(let structure): return .json(try Self.object(structure, context.field("json_format"), depth: 0))
        case nil: return .standard
        }
    }

    private static func object(
        _ structure: Google_Protobuf_Struct, _ context: FieldContext, depth: Int
    ) throws(DecodingError) -> [String: AccessLogConfiguration.JSONFormat] {
        guard depth < 16 else { throw context.error("is nested too deeply") }
        var result: [String: AccessLogConfiguration.JSONFormat] = [:]
        for (key, value) in structure.fields {
            switch value.kind {
            case .stringValue(let text): result[key] = .text(text)
            case .structValue(let inner): result[key] = .object(try Self.object(inner, context.field(key), depth: depth + 1))
            default: throw context.field(key).error("is neither a text nor an object")
            }
        }
        return result
    }
}
