// SPDX-License-Identifier: Apache-2.0

/// How a cluster without endpoints of its own finds the one that a client wants.
package struct OriginalDestinationPolicy: Sendable, Hashable {
    /// A header that says address and port, before what the connection says; nil: none is asked.
    package var headerName: String?
    /// Instead of the port that was asked for.
    package var port: Int?
    /// An endpoint that nobody has asked for during this time is forgotten.
    package var cleanupInterval: Duration

    package init(headerName: String? = nil, port: Int? = nil, cleanupInterval: Duration = .seconds(5)) {
        self.headerName = headerName
        self.port = port
        self.cleanupInterval = cleanupInterval
    }
}
