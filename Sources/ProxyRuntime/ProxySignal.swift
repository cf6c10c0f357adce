// SPDX-License-Identifier: Apache-2.0

/// What the outside asks of a running proxy.
package enum ProxySignal: Sendable, Hashable {
    /// Finish what runs, then leave. The second time: leave now.
    case stop
    case reopenLogs
}
