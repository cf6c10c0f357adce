// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// What a path of the API means.
package enum APIPath: Sendable, Hashable {
    case health
    case version
    /// `/`
    case index
    /// `/api`
    case coreVersions
    /// `/apis`
    case groups
    case group(String)
    /// Resource list of a group and version; the core group is empty.
    case resources(group: String, version: String)
    case openAPIIndex
    case openAPI2
    case openAPI(group: String, version: String)
    /// Namespace nil: all namespaces, or a kind without them.
    case collection(ResourceKind, version: String, namespace: String?)
    case object(ResourceKind, version: String, namespace: String, name: String)
    case token(namespace: String, serviceAccount: String)
    case debug(String)
    case unknown

    package init(_ path: String) {
        let parts = path.split(separator: "/").map(String.init)
        self =
            switch parts.first {
            case nil: .index
            case "healthz", "livez", "readyz": .health
            case "version": parts.count == 1 ? .version : .unknown
            case "api": Self.core(parts)
            case "apis": Self.grouped(parts)
            case "openapi": Self.openAPI(parts)
            case "debug": parts.count == 2 ? .debug(parts[1]) : .unknown
            default: .unknown
            }
    }

    /// Who asks for these needs no credential.
    package var isAnonymous: Bool { self == .health || self == .version }

    private static func core(_ parts: [String]) -> APIPath {
        if parts.count == 1 { return .coreVersions }
        guard parts[1] == "v1" else { return .unknown }
        return parts.count == 2 ? .resources(group: "", version: "v1") : resource(group: "", version: "v1", parts.dropFirst(2))
    }

    private static func grouped(_ parts: [String]) -> APIPath {
        if parts.count == 1 { return .groups }
        let group = parts[1]
        let kinds = ResourceKind.allCases.filter { $0.group == group && !group.isEmpty }
        guard let first = kinds.first else { return .unknown }
        if parts.count == 2 { return .group(group) }
        guard first.servedVersions.contains(parts[2]) else { return .unknown }
        if parts.count == 3 { return .resources(group: group, version: parts[2]) }
        return resource(group: group, version: parts[2], parts.dropFirst(3))
    }

    private static func openAPI(_ parts: [String]) -> APIPath {
        switch parts.dropFirst() {
        case ["v2"]: .openAPI2
        case ["v3"]: .openAPIIndex
        case ["v3", "api", "v1"]: .openAPI(group: "", version: "v1")
        case let rest where rest.count == 4 && rest.starts(with: ["v3", "apis"]):
            if case .resources(let group, let version) = grouped(Array(parts.dropFirst(2))) {
                .openAPI(group: group, version: version)
            } else {
                .unknown
            }
        default: .unknown
        }
    }

    private static func resource(group: String, version: String, _ rest: ArraySlice<String>) -> APIPath {
        func kind(_ plural: String) -> ResourceKind? {
            ResourceKind.allCases.first { $0.group == group && $0.plural == plural && $0.servedVersions.contains(version) }
        }
        let parts = Array(rest)
        switch parts.count {
        case 1:
            return kind(parts[0]).map { .collection($0, version: version, namespace: nil) } ?? .unknown
        case 2 where parts[0] == "namespaces" && group.isEmpty:
            return .object(.namespace, version: version, namespace: "", name: parts[1])
        case 3 where parts[0] == "namespaces":
            guard let kind = kind(parts[2]), kind.isNamespaced else { return .unknown }
            return .collection(kind, version: version, namespace: parts[1])
        case 4 where parts[0] == "namespaces":
            guard let kind = kind(parts[2]), kind.isNamespaced else { return .unknown }
            return .object(kind, version: version, namespace: parts[1], name: parts[3])
        case 5 where parts[0] == "namespaces" && parts[2] == "serviceaccounts" && parts[4] == "token" && group.isEmpty:
            return .token(namespace: parts[1], serviceAccount: parts[3])
        default:
            return .unknown
        }
    }
}
