// SPDX-License-Identifier: Apache-2.0

/// Which data plane stands beside the command: `malla`, or `envoy[=PATH]`.
package enum ProxyChoice: Sendable, Hashable {
    case malla
    /// The path of the program, or `envoy` to be found on PATH.
    case envoy(path: String)

    package init?(argument: String) {
        switch argument {
        case "malla": self = .malla
        case "envoy": self = .envoy(path: "envoy")
        default:
            guard argument.hasPrefix("envoy="), argument.count > 6 else { return nil }
            self = .envoy(path: String(argument.dropFirst(6)))
        }
    }
}
