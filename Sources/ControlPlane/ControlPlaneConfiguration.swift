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
    /// How long a workload's certificate is valid: `workloadCertificateLifetimes`.
    package var workloadCertificateLifetime: Duration = .seconds(86_400)
    /// A change is pushed when nothing else has changed for so long …
    package var debounceQuiet: Duration = .milliseconds(20)
    /// … but never later than this after the first.
    package var debounceMaximum: Duration = .milliseconds(500)
    /// A workload of `malla run` whose proxy has gone is forgotten after this.
    package var staleWorkloadGrace: Duration = .seconds(10)
    /// The same for one whose proxy has never been seen by this process.
    package var unseenWorkloadGrace: Duration = .seconds(60)

    /// Shorter ones could not be renewed in time, longer ones are more than Istio allows (MAX_WORKLOAD_CERT_TTL).
    package static let workloadCertificateLifetimes: ClosedRange<Duration> = .seconds(5) ... .seconds(90 * 86_400)

    /// What is listened on, each with the option of `malla up` for its port.
    var listeners: [(option: String, host: String, port: Int)] {
        [
            ("--api-port", listenHost, apiPort), ("--xds-port", "127.0.0.1", xdsPort),
            ("--secure-xds-port", listenHost, secureXDSPort), ("--metrics-port", listenHost, monitoringPort),
        ]
    }

    package init(dataDirectory: String) { self.dataDirectory = dataDirectory }
}
