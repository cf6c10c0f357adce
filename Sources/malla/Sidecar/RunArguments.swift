// SPDX-License-Identifier: Apache-2.0

/// The options of `malla run` as they were typed.
package struct RunArguments: Sendable, Hashable {
    package var name: String?
    package var service: String?
    package var namespace = "default"
    package var serviceAccount = "default"
    package var labels: [String] = []
    package var ports: [String] = []
    package var upstreams: [String] = []
    package var proxy = "malla"
    package var command: [String] = []

    package init() {}
}
