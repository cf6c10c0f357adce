// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import XDSProtocol

/// How far a connected proxy has followed the control plane: one line of `proxy-status`.
package struct ProxyStatus: Sendable {
    package let proxy: ConnectedProxy
    package let connectedAt: Date
    package fileprivate(set) var types: [ResourceType: SubscriptionStatus] = [:]
    /// When each type last changed: sent, accepted or rejected.
    package fileprivate(set) var changedAt: [ResourceType: Date] = [:]

    init(proxy: ConnectedProxy, connectedAt: Date) {
        self.proxy = proxy
        self.connectedAt = connectedAt
    }

    package subscript(type: ResourceType) -> SubscriptionStatus { self.types[type] ?? SubscriptionStatus() }

    mutating func update(_ type: ResourceType, _ status: SubscriptionStatus, at time: Date) {
        self.types[type] = status
        self.changedAt[type] = time
    }
}
