// SPDX-License-Identifier: Apache-2.0

/// One port of a service.
package struct ServicePort: Sendable, Hashable {
    /// Where the port of a service leads on a workload that does not say it itself.
    package enum Target: Sendable, Hashable {
        case number(Int)
        case name(String)
    }

    package var name: String
    package var number: Int
    package var portProtocol: PortProtocol
    package var target: Target?

    package init(name: String, number: Int, portProtocol: PortProtocol, target: Target? = nil) {
        self.name = name
        self.number = number
        self.portProtocol = portProtocol
        self.target = target
    }
}
