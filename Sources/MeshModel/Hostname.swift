// SPDX-License-Identifier: Apache-2.0

/// How hosts in configuration name services.
package enum Hostname {
    /// The full name of a host as written in a resource of `namespace`: a name without dots is a service of that namespace.
    package static func resolve(_ host: String, namespace: String, domain: String) -> String {
        let host = host.lowercased()
        if host.isEmpty || host.contains(".") || host.hasPrefix("*") { return host }
        return "\(host).\(namespace).svc.\(domain)"
    }

    package static func isWildcard(_ host: String) -> Bool { host.hasPrefix("*") }

    /// Whether `pattern` (exact, `*` or `*suffix`) covers `host`, which may be a wildcard itself.
    package static func covers(_ pattern: String, _ host: String) -> Bool {
        guard pattern.hasPrefix("*") else { return pattern == host }
        let suffix = pattern.dropFirst()
        let rest = host.hasPrefix("*") ? host.dropFirst() : Substring(host)
        if host.hasPrefix("*") { return rest.hasSuffix(suffix) }
        return rest.count > suffix.count && rest.hasSuffix(suffix)
    }

    /// Sort order "most specific first": exact before wildcard, longer before shorter, then by name.
    package static func isMoreSpecific(_ a: String, _ b: String) -> Bool {
        switch (isWildcard(a), isWildcard(b)) {
        case (false, true): true
        case (true, false): false
        default: a.utf8.count != b.utf8.count ? a.utf8.count > b.utf8.count : a < b
        }
    }
}
