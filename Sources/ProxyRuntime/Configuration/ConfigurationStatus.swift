// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import XDSProtocol

/// What a proxy runs that did not come from its bootstrap, and what it refused.
package struct ConfigurationStatus: Sendable, Hashable {
    package var table = ResourceTable()
    /// What the control plane calls the state of a type.
    package var versions: [ResourceType: String] = [:]
    /// When each type last changed.
    package var updatedAt: [ResourceType: Date] = [:]
    /// By type and name: a resource that was refused, until a better one comes or it goes.
    package var rejections: [ResourceType: [String: ResourceRejection]] = [:]
    package var accepted = 0
    package var rejected = 0
    package var isConnected = false
    /// Types of which the control plane, not the disk, has said something.
    package var received: Set<ResourceType> = []
    package var isRestored = false

    package init() {}
}
