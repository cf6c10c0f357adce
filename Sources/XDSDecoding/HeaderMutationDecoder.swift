// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Observability
import ProxyModel
import SwiftProtobuf

/// Edits of heads. Pseudo-headers and `host` are not for editing, as in Envoy.
enum HeaderMutationDecoder {
    static func decode(
        adding options: [Envoy_Config_Core_V3_HeaderValueOption], removing removals: [String], _ context: FieldContext,
        side: String
    ) throws(DecodingError) -> HeaderMutations {
        var result = try Self.edits(options, context, "\(side)_headers_to_add")
        for (index, name) in removals.enumerated() {
            result.removals.append(try Self.name(name, context.element("\(side)_headers_to_remove", index)))
        }
        return result
    }

    static func edits(
        _ options: [Envoy_Config_Core_V3_HeaderValueOption], _ context: FieldContext, _ field: String
    ) throws(DecodingError) -> HeaderMutations {
        var result = HeaderMutations()
        for (index, option) in options.enumerated() {
            result.edits.append(try Self.edit(option, context.element(field, index)))
        }
        return result
    }

    static func edit(
        _ option: Envoy_Config_Core_V3_HeaderValueOption, _ context: FieldContext
    ) throws(DecodingError) -> HeaderMutations.Edit {
        do throws(AccessLogFormatError) {
            _ = try AccessLogFormat(text: option.header.value)
        } catch {
            throw context.field("header.value").error("position \(error.position): \(error.reason)")
        }
        return HeaderMutations.Edit(
            name: try Self.name(option.header.key, context.field("header.key")), value: option.header.value,
            mode: try Self.mode(option.appendAction, context), keepsEmpty: option.keepEmptyValue)
    }

    static func name(_ name: String, _ context: FieldContext) throws(DecodingError) -> String {
        let lowercased = name.lowercased()
        guard !lowercased.isEmpty, !lowercased.hasPrefix(":"), lowercased != "host" else {
            throw context.error("header \"\(name)\" cannot be edited")
        }
        guard lowercased.utf8.allSatisfy(Self.isNameByte) else { throw context.error("\"\(name)\" is no header name") }
        return lowercased
    }

    /// RFC 9110 5.6.2.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func mode(
        _ action: Envoy_Config_Core_V3_HeaderValueOption.HeaderAppendAction, _ context: FieldContext
    ) throws(DecodingError) -> HeaderMutations.Mode {
        switch action {
        case .appendIfExistsOrAdd: .append
        case .addIfAbsent: .addIfAbsent
        case .overwriteIfExistsOrAdd: .overwrite
        case .overwriteIfExists: .overwriteIfPresent
        case .UNRECOGNIZED: throw context.field("append_action").error("is unknown")
        }
    }
}
