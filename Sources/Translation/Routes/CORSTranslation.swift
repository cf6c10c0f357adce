// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf

/// Which other origins a browser may call a route from.
enum CORSTranslation {
    static func policy(_ policy: CORSPolicy) -> Wire.CORSPolicy {
        .with {
            $0.allowOriginStringMatch = policy.allowOrigins.compactMap(origin)
            $0.allowMethods = policy.allowMethods.joined(separator: ",")
            $0.allowHeaders = policy.allowHeaders.joined(separator: ",")
            $0.exposeHeaders = policy.exposeHeaders.joined(separator: ",")
            if let age = policy.maxAge { $0.maxAge = String(age.components.seconds) }
            if let allows = policy.allowCredentials { $0.allowCredentials = WireValues.wrapped(allows) }
            $0.filterEnabled.defaultValue = WireValues.fraction(percent: 100)
            $0.forwardNotMatchingPreflights = WireValues.wrapped(policy.unmatchedPreflights != "IGNORE")
        }
    }

    /// None for an expression that Envoy would not take, and for a pattern without anything in it.
    private static func origin(_ match: StringMatch) -> Wire.StringMatcher? {
        var matcher = Wire.StringMatcher()
        switch match {
        case .exact(let text): matcher.exact = text
        case .prefix(let text): matcher.prefix = text
        case .regex(let expression):
            guard ExpressionSyntax.isAccepted(expression) else { return nil }
            matcher.safeRegex.regex = expression
        case .present: return nil
        }
        return matcher
    }
}
