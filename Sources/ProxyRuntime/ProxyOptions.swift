// SPDX-License-Identifier: Apache-2.0

/// What a command line says beside the bootstrap.
package struct ProxyOptions: Sendable, Hashable {
    /// Event loops for traffic.
    package var concurrency: Int
    /// Where the admin's address is written once it is bound.
    package var adminAddressPath: String?
    /// How long running requests may take to end (Istio's terminationDrainDuration).
    package var drainTime: Duration
    /// As given, for `/server_info`.
    package var configPath: String
    package var configYAML: String

    package init(
        concurrency: Int = 2, adminAddressPath: String? = nil, drainTime: Duration = .seconds(5), configPath: String = "",
        configYAML: String = ""
    ) {
        self.concurrency = concurrency
        self.adminAddressPath = adminAddressPath
        self.drainTime = drainTime
        self.configPath = configPath
        self.configYAML = configYAML
    }
}
