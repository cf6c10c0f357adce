// SPDX-License-Identifier: Apache-2.0

/// What a route says of one kind of upgrade, before what its connection manager says.
package struct RouteUpgrade: Sendable, Hashable {
    package var isEnabled: Bool
    /// CONNECT ends here: the cluster's endpoint gets the tunnel's bytes, not the request.
    package var terminatesConnect: Bool

    package init(isEnabled: Bool = true, terminatesConnect: Bool = false) {
        self.isEnabled = isEnabled
        self.terminatesConnect = terminatesConnect
    }
}
