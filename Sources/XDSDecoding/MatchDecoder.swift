// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Matchers that stand in several kinds of resource.
enum MatchDecoder {
    /// Characters; Istio's limit for regular expressions.
    static let maximumRegexLength = 1024

    static func regex(_ matcher: Envoy_Type_Matcher_V3_RegexMatcher, _ context: FieldContext) throws(DecodingError) -> String {
        guard matcher.regex.count <= Self.maximumRegexLength else { throw context.error("regular expression is too long") }
        do {
            _ = try Regex<AnyRegexOutput>(matcher.regex)
        } catch {
            throw context.error("is not a regular expression")
        }
        return matcher.regex
    }

    static func text(_ matcher: Envoy_Type_Matcher_V3_StringMatcher, _ context: FieldContext) throws(DecodingError) -> TextMatch {
        switch matcher.matchPattern {
        case .exact(let value): .exact(value, ignoringCase: matcher.ignoreCase)
        case .prefix(let value): .prefix(value, ignoringCase: matcher.ignoreCase)
        case .suffix(let value): .suffix(value, ignoringCase: matcher.ignoreCase)
        case .contains(let value): .contains(value, ignoringCase: matcher.ignoreCase)
        case .safeRegex(let value): .regex(try Self.regex(value, context.field("safe_regex")))
        case nil: throw context.error("has no pattern")
        }
    }

    static func header(_ matcher: Envoy_Config_Route_V3_HeaderMatcher, _ context: FieldContext) throws(DecodingError) -> HeaderMatch
    {
        let condition: HeaderMatch.Condition =
            switch matcher.headerMatchSpecifier {
            case .rangeMatch(let range): .range(range.start, range.end)
            case .presentMatch(let isPresent): .present(isPresent)
            case .stringMatch(let match): .text(try Self.text(match, context.field("string_match")))
            case nil: .present(true)
            }
        return HeaderMatch(
            name: try context.nonEmpty(matcher.name, "name").lowercased(), condition: condition, inverts: matcher.invertMatch,
            treatsMissingAsEmpty: matcher.treatMissingHeaderAsEmpty)
    }

    static func headers(
        _ matchers: [Envoy_Config_Route_V3_HeaderMatcher], _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> [HeaderMatch] {
        var result: [HeaderMatch] = []
        for (index, matcher) in matchers.enumerated() { result.append(try Self.header(matcher, context.element(name, index))) }
        return result
    }

    static func queryParameters(
        _ matchers: [Envoy_Config_Route_V3_QueryParameterMatcher], _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> [QueryParameterMatch] {
        var result: [QueryParameterMatch] = []
        for (index, matcher) in matchers.enumerated() {
            let place = context.element(name, index)
            let condition: QueryParameterMatch.Condition
            switch matcher.queryParameterMatchSpecifier {
            case .stringMatch(let text): condition = .text(try Self.text(text, place.field("string_match")))
            case .presentMatch(let isPresent):
                try place.refuse(!isPresent, "present_match")
                condition = .present
            case nil: condition = .present
            }
            result.append(QueryParameterMatch(name: try place.nonEmpty(matcher.name, "name"), condition: condition))
        }
        return result
    }

    static func fraction(_ percent: Envoy_Type_V3_FractionalPercent, _ context: FieldContext) throws(DecodingError) -> Fraction {
        switch percent.denominator {
        case .hundred: Fraction(numerator: percent.numerator, denominator: 100)
        case .tenThousand: Fraction(numerator: percent.numerator, denominator: 10_000)
        case .million: Fraction(numerator: percent.numerator, denominator: 1_000_000)
        case .UNRECOGNIZED: throw context.field("denominator").error("is unknown")
        }
    }

    /// Runtime keys are not looked up: the default holds.
    static func fraction(
        _ percent: Envoy_Config_Core_V3_RuntimeFractionalPercent, _ context: FieldContext
    ) throws(DecodingError) -> Fraction { try Self.fraction(percent.defaultValue, context.field("default_value")) }

    static func range(_ range: Envoy_Config_Core_V3_CidrRange, _ context: FieldContext) throws(DecodingError) -> AddressRange {
        let length = range.hasPrefixLen ? Int(range.prefixLen.value) : 0
        guard let result = AddressRange(address: range.addressPrefix, prefixLength: length) else {
            throw context.error("is not an address range")
        }
        return result
    }

    static func ranges(
        _ ranges: [Envoy_Config_Core_V3_CidrRange], _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> [AddressRange] {
        var result: [AddressRange] = []
        for (index, range) in ranges.enumerated() { result.append(try Self.range(range, context.element(name, index))) }
        return result
    }
}
