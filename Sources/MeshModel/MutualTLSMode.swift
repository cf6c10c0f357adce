// SPDX-License-Identifier: Apache-2.0

/// What a workload accepts on a port, after all PeerAuthentications that touch it.
package enum MutualTLSMode: String, Sendable, Hashable {
    case strict = "STRICT"
    case permissive = "PERMISSIVE"
    case disable = "DISABLE"
}
