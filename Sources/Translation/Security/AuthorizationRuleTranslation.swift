// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf

/// One rule of an AuthorizationPolicy. Lists are "one of", fields are "all of", `not…` is "none of".
struct AuthorizationRuleTranslation {
    /// Service port of the listener.
    var port: Int
    var isHTTP: Bool
    var trustDomain: String

    /// Nil when the rule cannot be decided here and therefore drops out: an ALLOW that asks about HTTP on a TCP port, or about
    /// something unknown. A DENY keeps what can be decided, and so denies more.
    func policy(_ rule: AuthorizationPolicy.Rule, action: AuthorizationPolicy.Action, namespace: String) -> Wire.Policy? {
        if !isHTTP, action == .allow, Self.needsHTTP(rule) { return nil }
        if action == .allow, rule.when.contains(where: { !Self.isKnown($0.key) }) { return nil }
        let conditions = rule.when.filter { isHTTP || !Self.needsHTTP($0) }
        let shared = conditions.flatMap(permissions)
        let callers = conditions.flatMap { principals($0, namespace: namespace) }
        let operations = rule.to ?? []
        let sources = rule.from ?? []
        return .with {
            $0.permissions =
                operations.isEmpty
                ? [PermissionMatchers.and(shared)]
                : operations.map { PermissionMatchers.and(permissions($0) + shared) }
            $0.principals =
                sources.isEmpty
                ? [PrincipalMatchers.and(callers)]
                : sources.map { PrincipalMatchers.and(principals($0, namespace: namespace) + callers) }
        }
    }

    // MARK: to

    private func permissions(_ operation: AuthorizationPolicy.Operation) -> [Wire.Permission] {
        typealias Match = PermissionMatchers
        var all: [Wire.Permission] = []
        if isHTTP {
            all += oneOf(operation.hosts, Match.host) + noneOf(operation.notHosts, Match.host)
            all += oneOf(operation.methods, Match.method) + noneOf(operation.notMethods, Match.method)
            all += oneOf(operation.paths, Match.path) + noneOf(operation.notPaths, Match.path)
        }
        all += oneOf(operation.ports) { Match.port($0, listener: port) }
        all += noneOf(operation.notPorts) { Match.port($0, listener: port) }
        return all
    }

    private func oneOf(_ values: [String], _ match: (String) -> Wire.Permission) -> [Wire.Permission] {
        values.isEmpty ? [] : [PermissionMatchers.or(values.map(match))]
    }

    private func noneOf(_ values: [String], _ match: (String) -> Wire.Permission) -> [Wire.Permission] {
        oneOf(values, match).map(PermissionMatchers.not)
    }

    // MARK: from

    private func principals(_ source: AuthorizationPolicy.Source, namespace: String) -> [Wire.Principal] {
        typealias Match = PrincipalMatchers
        let account = { (text: String) in Match.serviceAccount(text, namespace: namespace, trustDomain: trustDomain) }
        var all = oneOf(source.principals, Match.principal) + noneOf(source.notPrincipals, Match.principal)
        all += oneOf(source.namespaces, Match.namespace) + noneOf(source.notNamespaces, Match.namespace)
        all += oneOf(source.serviceAccounts, account) + noneOf(source.notServiceAccounts, account)
        all += oneOf(source.trustDomains, Match.trustDomain) + noneOf(source.notTrustDomains, Match.trustDomain)
        all += oneOf(source.ipBlocks, Match.directIP) + noneOf(source.notIPBlocks, Match.directIP)
        all += oneOf(source.remoteIPBlocks, Match.remoteIP) + noneOf(source.notRemoteIPBlocks, Match.remoteIP)
        // Tokens are not read yet: nobody has a request principal.
        if isHTTP, !source.requestPrincipals.isEmpty { all.append(Match.never) }
        return all
    }

    private func oneOf(_ values: [String], _ match: (String) -> Wire.Principal) -> [Wire.Principal] {
        values.isEmpty ? [] : [PrincipalMatchers.or(values.map(match))]
    }

    private func noneOf(_ values: [String], _ match: (String) -> Wire.Principal) -> [Wire.Principal] {
        oneOf(values, match).map(PrincipalMatchers.not)
    }

    // MARK: when

    private func permissions(_ condition: AuthorizationPolicy.Condition) -> [Wire.Permission] {
        let match: (String) -> Wire.Permission
        switch condition.key {
        case "destination.port": match = { PermissionMatchers.port($0, listener: port) }
        case "destination.ip": match = PermissionMatchers.destinationIP
        case "connection.sni": match = PermissionMatchers.serverName
        default: return []
        }
        return oneOf(condition.values, match) + noneOf(condition.notValues, match)
    }

    private func principals(_ condition: AuthorizationPolicy.Condition, namespace: String) -> [Wire.Principal] {
        let match: (String) -> Wire.Principal
        switch condition.key {
        case "source.ip": match = PrincipalMatchers.directIP
        case "remote.ip": match = PrincipalMatchers.remoteIP
        case "source.namespace": match = PrincipalMatchers.namespace
        case "source.principal": match = PrincipalMatchers.principal
        case "source.trustDomain": match = PrincipalMatchers.trustDomain
        case "source.serviceAccount":
            match = { PrincipalMatchers.serviceAccount($0, namespace: namespace, trustDomain: trustDomain) }
        case let key where key.hasPrefix("request.auth."): match = { _ in PrincipalMatchers.never }
        case let key:
            guard let name = Self.header(key) else { return [] }
            match = { PrincipalMatchers.header(name, $0) }
        }
        return oneOf(condition.values, match) + noneOf(condition.notValues, match)
    }

    private static func header(_ key: String) -> String? {
        guard key.hasPrefix("request.headers["), key.hasSuffix("]") else { return nil }
        let name = key.dropFirst("request.headers[".count).dropLast()
        return name.isEmpty ? nil : String(name)
    }

    private static let knownKeys: Set<String> = [
        "destination.port", "destination.ip", "connection.sni", "source.ip", "remote.ip", "source.namespace", "source.principal",
        "source.serviceAccount", "source.trustDomain",
    ]

    private static func isKnown(_ key: String) -> Bool {
        knownKeys.contains(key) || key.hasPrefix("request.auth.") || header(key) != nil
    }

    // MARK: HTTP only

    private static func needsHTTP(_ rule: AuthorizationPolicy.Rule) -> Bool {
        (rule.to ?? []).contains {
            !($0.hosts + $0.notHosts + $0.methods + $0.notMethods + $0.paths + $0.notPaths).isEmpty
        } || (rule.from ?? []).contains { !($0.requestPrincipals + $0.notRequestPrincipals).isEmpty }
            || rule.when.contains(where: needsHTTP)
    }

    private static func needsHTTP(_ condition: AuthorizationPolicy.Condition) -> Bool { condition.key.hasPrefix("request.") }
}
