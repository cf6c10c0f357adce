// SPDX-License-Identifier: Apache-2.0

/// A local port that leads to one service: `SERVICE[.NAMESPACE][:PORT]:LOCALPORT`.
package struct UpstreamOption: Sendable, Hashable {
    /// As written; may hold a namespace.
    package var service: String
    /// Port of the service; `nil` means its first.
    package var port: Int?
    package var localPort: Int

    package init?(argument: String) {
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, let local = Int(parts[parts.count - 1]), (1...65535).contains(local)
        else { return nil }
        service = String(parts[0])
        localPort = local
        guard parts.count == 3 else { return }
        guard let port = Int(parts[1]), (1...65535).contains(port) else { return nil }
        self.port = port
    }

    /// Name and namespace of the service, seen from `namespace`; a full name `NAME.NAMESPACE.svc.DOMAIN` is taken too.
    package func reference(from namespace: String) -> (name: String, namespace: String) {
        let parts = service.split(separator: ".", maxSplits: 2)
        return (parts.first.map(String.init) ?? service, parts.count > 1 ? String(parts[1]) : namespace)
    }
}
