// SPDX-License-Identifier: Apache-2.0

/// The shorter names under which proxies of a namespace call a service.
enum HostAliases {
    /// `auth.default.svc.cluster.local` is `auth.default.svc`, `auth.default` and, in `default` itself, `auth`.
    static func of(_ host: String, for namespace: String, domain: String) -> [String] {
        let suffix = ".svc." + domain
        guard host.hasSuffix(suffix), !host.hasPrefix("*") else { return [] }
        let short = String(host.dropLast(suffix.count))
        guard let dot = short.firstIndex(of: "."), dot != short.startIndex else { return [] }
        let owner = short[short.index(after: dot)...]
        let aliases = [short + ".svc", short]
        return owner == namespace ? aliases + [String(short[..<dot])] : aliases
    }
}
