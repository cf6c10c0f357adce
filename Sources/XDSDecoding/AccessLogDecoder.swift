// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Observability
import ProxyModel
import SwiftProtobuf

/// Access logs to files and to the process's own streams. Formats are handed on as text; who writes the log compiles them.
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
        let filter = log.hasFilter ? try AccessLogFilterDecoder.decode(log.filter, context.field("filter")) : nil
        var place = context.field("typed_config")
        var said: Envoy_Config_Core_V3_SubstitutionFormatString?
        let path: String
        switch any.typeURL {
        case TypeURL.stdoutAccessLog:
            let (stream, inner) = try place.unpack(any, as: Envoy_Extensions_AccessLoggers_Stream_V3_StdoutAccessLog.self)
            path = "/dev/stdout"
            place = inner
            if case .logFormat(let text)? = stream.accessLogFormat { said = text }
        case TypeURL.stderrAccessLog:
            let (stream, inner) = try place.unpack(any, as: Envoy_Extensions_AccessLoggers_Stream_V3_StderrAccessLog.self)
            path = "/dev/stderr"
            place = inner
            if case .logFormat(let text)? = stream.accessLogFormat { said = text }
        default:
            let (file, inner) = try place.unpack(any, as: Envoy_Extensions_AccessLoggers_File_V3_FileAccessLog.self)
            path = try inner.nonEmpty(file.path, "path")
            place = inner
            if case .logFormat(let text)? = file.accessLogFormat { said = text }
        }
        var result = AccessLogConfiguration(path: path, format: .standard, filter: filter)
        if let said {
            result.format = try Self.format(said, place.field("log_format"))
            result.omitsEmpty = said.omitEmptyValues
        }
        return result
    }

    private static func format(
        _ format: Envoy_Config_Core_V3_SubstitutionFormatString, _ context: FieldContext
    ) throws(DecodingError) -> AccessLogConfiguration.Format {
        switch format.format {
        case .textFormat(let text): return try Self.text(text, context.field("text_format"))
        case .textFormatSource(let source):
            switch source.specifier {
            case .inlineString(let text): return try Self.text(text, context.field("text_format_source"))
            case .inlineBytes(let bytes):
                return try Self.text(String(decoding: bytes, as: UTF8.self), context.field("text_format_source"))
            default: throw context.field("text_format_source").error("is not supported by this proxy")
            }
        case .jsonFormat(let structure): return .json(try Self.object(structure, context.field("json_format"), depth: 0))
        case nil: return .standard
        }
    }

    private static func text(_ text: String, _ context: FieldContext) throws(DecodingError) -> AccessLogConfiguration.Format {
        do throws(AccessLogFormatError) {
            _ = try AccessLogFormat(text: text)
        } catch {
            throw context.error(error.description)
        }
        return .text(text)
    }

    private static func object(
        _ structure: Google_Protobuf_Struct, _ context: FieldContext, depth: Int
    ) throws(DecodingError) -> [String: AccessLogConfiguration.JSONFormat] {
        guard depth < 16 else { throw context.error("is nested too deeply") }
        var result: [String: AccessLogConfiguration.JSONFormat] = [:]
        for (key, value) in structure.fields {
            switch value.kind {
            case .stringValue(let text):
                _ = try Self.text(text, context.field(key))
                result[key] = .text(text)
            case .structValue(let inner): result[key] = .object(try Self.object(inner, context.field(key), depth: depth + 1))
            default: throw context.field(key).error("is neither a text nor an object")
            }
        }
        return result
    }
}
