// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Envoy principals (who does it) for the fields of `from.source` and their `when` keys.
enum PrincipalMatchers {
    static let any: Wire.Principal = .with { $0.any = true }
    static let never: Wire.Principal = .with { $0.notID = any }

    /// Written without `spiffe://`; only a client with a certificate has one.
    static func principal(_ pattern: String) -> Wire.Principal {
        authenticated(
            .with {
                if pattern == "*" {
                    $0.safeRegex.regex = ".+"
                } else if pattern.hasPrefix("*") {
                    $0 = StringMatchers.pattern(pattern)
                } else {
                    $0 = StringMatchers.pattern("spiffe://" + pattern)
                }
            })
    }

    static func namespace(_ pattern: String) -> Wire.Principal {
        let regex = pattern.split(separator: "*", omittingEmptySubsequences: false).map(StringMatchers.quoted)
            .joined(separator: "[^/]*")
        return authenticated(.with { $0.safeRegex.regex = "spiffe://[^/]+/ns/\(regex)/.*" })
    }

    static func trustDomain(_ pattern: String) -> Wire.Principal {
        let regex = pattern.split(separator: "*", omittingEmptySubsequences: false).map(StringMatchers.quoted)
            .joined(separator: "[^/]*")
        return authenticated(.with { $0.safeRegex.regex = "spiffe://\(regex)/.*" })
    }

    /// `namespace/name`, or a name in the policy's own namespace.
    static func serviceAccount(_ text: String, namespace: String, trustDomain: String) -> Wire.Principal {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let owner = parts.count == 2 ? parts[0] : namespace
        let name = parts.last ?? text
        return authenticated(.with { $0.exact = "spiffe://\(trustDomain)/ns/\(owner)/sa/\(name)" })
    }

    static func directIP(_ range: String) -> Wire.Principal {
        guard let range = AddressRange.parse(range) else { return never }
        return .with { $0.directRemoteIp = range }
    }

    static func remoteIP(_ range: String) -> Wire.Principal {
        guard let range = AddressRange.parse(range) else { return never }
        return .with { $0.remoteIp = range }
    }

    static func header(_ name: String, _ pattern: String) -> Wire.Principal {
        .with { $0.header = PermissionMatchers.header(name, pattern) }
    }

    static func and(_ ids: [Wire.Principal]) -> Wire.Principal {
        if ids.isEmpty { return any }
        return .with { $0.andIds.ids = ids }
    }

    static func or(_ ids: [Wire.Principal]) -> Wire.Principal { .with { $0.orIds.ids = ids } }

    static func not(_ id: Wire.Principal) -> Wire.Principal { .with { $0.notID = id } }

    private static func authenticated(_ matcher: Wire.StringMatcher) -> Wire.Principal {
        .with { $0.authenticated.principalName = matcher }
    }
}
