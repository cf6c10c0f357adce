// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where a call goes: straight to its host, or to the proxy that `http_proxy` names (with `no_proxy` left out), as every
/// HTTP client library reads it.
struct OutboundProxy: Sendable, Hashable {
    struct Address: Sendable, Hashable {
        var host: String
        var port: Int
    }

    struct Way: Sendable, Hashable {
        var connectTo: Address
        /// What stands in the request line: the whole URL for a proxy (RFC 9112, 3.2.2), else path and query.
        var requestTarget: String
        var authority: String
    }

    var proxy: Address?
    var excluded: Set<String> = []

    init(environment: [String: String]) {
        let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        excluded = Set(list.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        guard let text = environment["http_proxy"] ?? environment["HTTP_PROXY"], let url = URL(string: text), let host = url.host
        else { return }
        proxy = Address(host: host, port: url.port ?? 80)
    }

    func way(to text: String) -> Way? {
        guard let url = URLComponents(string: text), url.scheme == "http", let host = url.host, !host.isEmpty else { return nil }
        let port = url.port ?? 80
        let authority = port == 80 ? host : "\(host):\(port)"
        let path = url.percentEncodedPath.isEmpty ? "/" : url.percentEncodedPath
        let target = path + (url.percentEncodedQuery.map { "?" + $0 } ?? "")
        guard let proxy, !excluded.contains(host) else {
            return Way(connectTo: Address(host: host, port: port), requestTarget: target, authority: authority)
        }
        return Way(connectTo: proxy, requestTarget: "http://\(authority)\(target)", authority: authority)
    }
}
