// SPDX-License-Identifier: Apache-2.0

/// The ports a sidecar binds on its workload's address. Istio's, and 15106, 15206, … for further inbound ports.
package enum SidecarPorts {
    package static let admin = 15000
    package static let httpProxy = 15003
    package static let readiness = 15021
    package static let prometheus = 15090

    package static func inbound(_ index: Int) -> Int { 15006 + 100 * index }

    package static func all(inboundPorts: Int) -> [Int] {
        [admin, httpProxy, readiness, prometheus] + (0..<max(inboundPorts, 1)).map(inbound)
    }
}
