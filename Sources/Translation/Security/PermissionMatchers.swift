// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Envoy permissions (what is done) for the fields of `to.operation` and their `when` keys.
enum PermissionMatchers {
    static let any: Wire.Permission = .with { $0.any = true }
    static let never: Wire.Permission = .with { $0.notRule = any }

    static func host(_ pattern: String) -> Wire.Permission {
        .with { $0.header = header(":authority", pattern, ignoreCase: true) }
    }

    static func method(_ pattern: String) -> Wire.Permission { .with { $0.header = header(":method", pattern) } }

    static func path(_ pattern: String) -> Wire.Permission {
        .with { $0.urlPath.path = StringMatchers.path(pattern) }
    }

    /// The listener stands for one port of the service, so the answer is known now; the port of the connection itself is the
    /// sidecar's own and says nothing.
    static func port(_ text: String, listener port: Int) -> Wire.Permission { Int(text) == port ? any : never }

    static func destinationIP(_ range: String) -> Wire.Permission {
        guard let range = AddressRange.parse(range) else { return never }
        return .with { $0.destinationIp = range }
    }

    static func serverName(_ pattern: String) -> Wire.Permission {
        .with { $0.requestedServerName = StringMatchers.pattern(pattern) }
    }

    static func and(_ rules: [Wire.Permission]) -> Wire.Permission {
        if rules.isEmpty { return any }
        return .with { $0.andRules.rules = rules }
    }

    static func or(_ rules: [Wire.Permission]) -> Wire.Permission { .with { $0.orRules.rules = rules } }

    static func not(_ rule: Wire.Permission) -> Wire.Permission { .with { $0.notRule = rule } }

    static func header(_ name: String, _ pattern: String, ignoreCase: Bool = false) -> Wire.HeaderMatcher {
        .with {
            $0.name = name
            if pattern == "*" {
                $0.presentMatch = true
            } else {
                $0.stringMatch = StringMatchers.pattern(pattern, ignoreCase: ignoreCase)
            }
        }
    }
}
