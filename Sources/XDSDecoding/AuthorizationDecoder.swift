// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// RBAC rules. A condition that cannot be decided here is refused: leaving it out would let someone in or keep someone out.
enum AuthorizationDecoder {
    /// Deep enough for what people write, and for no stack to end.
    private static let maximumDepth = 32

    static func filter(
        _ rbac: Envoy_Extensions_Filters_Http_Rbac_V3_RBAC, _ context: FieldContext
    ) throws(DecodingError) -> AuthorizationFilter {
        AuthorizationFilter(
            rules: rbac.hasRules ? try Self.rules(rbac.rules, context.field("rules")) : nil,
            shadowRules: rbac.hasShadowRules ? try Self.rules(rbac.shadowRules, context.field("shadow_rules")) : nil,
            statPrefix: rbac.rulesStatPrefix, shadowStatPrefix: rbac.shadowRulesStatPrefix)
    }

    static func rules(_ rules: Envoy_Config_Rbac_V3_RBAC, _ context: FieldContext) throws(DecodingError) -> AuthorizationRules {
        let action: AuthorizationRules.Action
        switch rules.action {
        case .allow: action = .allow
        case .deny: action = .deny
        case .log: action = .log
        case .UNRECOGNIZED: throw context.field("action").error("is unknown")
        }
        var policies: [AuthorizationRules.Policy] = []
        for name in rules.policies.keys.sorted() {
            guard let policy = rules.policies[name] else { continue }
            let place = context.entry("policies", name)
            guard !policy.permissions.isEmpty else { throw place.field("permissions").error("is empty") }
            guard !policy.principals.isEmpty else { throw place.field("principals").error("is empty") }
            policies.append(
                AuthorizationRules.Policy(
                    name: name, permissions: try Self.permissions(policy.permissions, place, "permissions", 0),
                    principals: try Self.principals(policy.principals, place, "principals", 0)))
        }
        return AuthorizationRules(action: action, policies: policies)
    }

    private static func permissions(
        _ list: [Envoy_Config_Rbac_V3_Permission], _ context: FieldContext, _ name: String, _ depth: Int
    ) throws(DecodingError) -> [AuthorizationRules.Permission] {
        var result: [AuthorizationRules.Permission] = []
        for (index, entry) in list.enumerated() { result.append(try Self.permission(entry, context.element(name, index), depth)) }
        return result
    }

    private static func principals(
        _ list: [Envoy_Config_Rbac_V3_Principal], _ context: FieldContext, _ name: String, _ depth: Int
    ) throws(DecodingError) -> [AuthorizationRules.Principal] {
        var result: [AuthorizationRules.Principal] = []
        for (index, entry) in list.enumerated() { result.append(try Self.principal(entry, context.element(name, index), depth)) }
        return result
    }

    private static func permission(
        _ permission: Envoy_Config_Rbac_V3_Permission, _ context: FieldContext, _ depth: Int
    ) throws(DecodingError) -> AuthorizationRules.Permission {
        guard depth < Self.maximumDepth else { throw context.error("is nested too deeply") }
        switch permission.rule {
        case .any(let isAny):
            guard isAny else { throw context.field("any").error("has to be true") }
            return .any
        case .andRules(let set): return .all(try Self.permissions(set.rules, context, "and_rules.rules", depth + 1))
        case .orRules(let set): return .oneOf(try Self.permissions(set.rules, context, "or_rules.rules", depth + 1))
        case .notRule(let rule): return .not(try Self.permission(rule, context.field("not_rule"), depth + 1))
        case .header(let header): return .header(try MatchDecoder.header(header, context.field("header")))
        case .urlPath(let path): return .path(try MatchDecoder.text(path.path, context.field("url_path.path")))
        case .destinationIp(let range): return .destinationAddress(try MatchDecoder.range(range, context.field("destination_ip")))
        case .destinationPort(let port): return .destinationPort(try context.port(port, "destination_port"))
        case .destinationPortRange(let range): return .destinationPortRange(Int(range.start), Int(range.end))
        case .requestedServerName(let name):
            return .serverName(try MatchDecoder.text(name, context.field("requested_server_name")))
        case .metadata(let matcher): return .metadata(inverts: matcher.invert)
        case nil: throw context.error("has no rule")
        }
    }

    private static func principal(
        _ principal: Envoy_Config_Rbac_V3_Principal, _ context: FieldContext, _ depth: Int
    ) throws(DecodingError) -> AuthorizationRules.Principal {
        guard depth < Self.maximumDepth else { throw context.error("is nested too deeply") }
        switch principal.identifier {
        case .any(let isAny):
            guard isAny else { throw context.field("any").error("has to be true") }
            return .any
        case .andIds(let set): return .all(try Self.principals(set.ids, context, "and_ids.ids", depth + 1))
        case .orIds(let set): return .oneOf(try Self.principals(set.ids, context, "or_ids.ids", depth + 1))
        case .notID(let inner): return .not(try Self.principal(inner, context.field("not_id"), depth + 1))
        case .authenticated(let authenticated):
            guard authenticated.hasPrincipalName else { return .authenticated(nil) }
            let place = context.field("authenticated.principal_name")
            return .authenticated(try MatchDecoder.text(authenticated.principalName, place))
        case .header(let header): return .header(try MatchDecoder.header(header, context.field("header")))
        case .urlPath(let path): return .path(try MatchDecoder.text(path.path, context.field("url_path.path")))
        case .directRemoteIp(let range): return .directRemote(try MatchDecoder.range(range, context.field("direct_remote_ip")))
        case .remoteIp(let range): return .remote(try MatchDecoder.range(range, context.field("remote_ip")))
        case .metadata(let matcher): return .metadata(inverts: matcher.invert)
        case nil: throw context.error("has no identifier")
        }
    }
}
