// SPDX-License-Identifier: Apache-2.0
import Synchronization
package import XDSProtocol

/// What the server has done since it started. Read by whoever exposes metrics.
package final class PushMetrics: Sendable {
    package struct Values: Sendable, Hashable {
        package var connected = 0
        package var pushes: [ResourceType: UInt64] = [:]
        package var resourcesSent: [ResourceType: UInt64] = [:]
        package var rejects: [ResourceType: UInt64] = [:]
        package var certificatesIssued: UInt64 = 0
        package var authenticationFailures: UInt64 = 0
    }

    private let state = Mutex(Values())

    package var values: Values { self.state.withLock { $0 } }

    func connected() { self.state.withLock { $0.connected += 1 } }
    func disconnected() { self.state.withLock { $0.connected -= 1 } }
    func rejected(_ type: ResourceType) { self.state.withLock { $0.rejects[type, default: 0] &+= 1 } }
    func certificateIssued() { self.state.withLock { $0.certificatesIssued &+= 1 } }
    func authenticationFailed() { self.state.withLock { $0.authenticationFailures &+= 1 } }

    func pushed(_ type: ResourceType, resources: Int) {
        self.state.withLock {
            $0.pushes[type, default: 0] &+= 1
            $0.resourcesSent[type, default: 0] &+= UInt64(resources)
        }
    }
}
