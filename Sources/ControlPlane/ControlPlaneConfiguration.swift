// SPDX-License-Identifier: Apache-2.0

/// Settings of an embedded control plane. Scope: one process, one data directory.
package struct ControlPlaneConfiguration: Sendable, Hashable {
    /// Absolute path; everything that is kept lies under it.
    package var dataDirectory: String
    /// Address of every listener but plaintext xDS, which stays on loopback.
    package var listenHost = "127.0.0.1"
    /// Port 0, here and below, picks a free one.
    package var apiPort = 15081
    package var xdsPort = 15010
    package var secureXDSPort = 15012
    package var monitoringPort = 15014
    package var trustDomain = "cluster.local"
    /// A change is pushed when nothing else has changed for so long …
    package var debounceQuiet: Duration = .milliseconds(20)
    /// … but never later than this after the first.
    package var debounceMaximum: Duration = .milliseconds(500)
    /// A workload of `malla run` whose proxy has gone is forgotten after this.
    package var staleWorkloadGrace: Duration = .seconds(10)
    /// The same for one whose proxy has never been seen by this process.
    package var unseenWorkloadGrace: Duration = .seconds(60)

    package init(dataDirectory: String) { self.dataDirectory = dataDirectory }
}
