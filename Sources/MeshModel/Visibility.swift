// SPDX-License-Identifier: Apache-2.0

/// The namespaces whose proxies see a resource (`exportTo`).
package enum Visibility: Sendable, Hashable {
    case everywhere
    case nowhere
    case namespaces(Set<String>)

    /// `*` all, `.` the namespace of the resource itself, `~` none; an absent or empty list means all.
    package init(exportTo: [String]?, namespace: String) {
        guard let exportTo, !exportTo.isEmpty else {
            self = .everywhere
            return
        }
        if exportTo.contains("*") {
            self = .everywhere
        } else if exportTo.contains("~") {
            self = .nowhere
        } else {
            self = .namespaces(Set(exportTo.map { $0 == "." ? namespace : $0 }))
        }
    }

    package func includes(_ namespace: String) -> Bool {
        switch self {
        case .everywhere: true
        case .nowhere: false
        case .namespaces(let names): names.contains(namespace)
        }
    }
}
