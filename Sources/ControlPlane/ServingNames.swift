// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What the control plane's serving certificate is for: loopback, Istio's names, and whatever is listened on.
struct ServingNames: Sendable, Hashable {
    var names = ["localhost", "istiod.istio-system.svc", "istiod.istio-system.svc.cluster.local"]
    var addresses = ["127.0.0.1", "::1"]

    /// - Parameter listenHost: An address, a name, or all addresses, which then are those that the machine has now.
    init(listenHost: String) {
        if Self.isWildcard(listenHost) {
            let devices = (try? System.enumerateDevices()) ?? []
            addresses += devices.compactMap { $0.address?.ipAddress }
        } else if (try? SocketAddress(ipAddress: listenHost, port: 0)) != nil {
            addresses.append(listenHost)
        } else {
            names.append(listenHost)
        }
        names = Self.unique(names)
        addresses = Self.unique(addresses)
    }

    static func isWildcard(_ host: String) -> Bool { host == "0.0.0.0" || host == "::" }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
