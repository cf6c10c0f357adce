// SPDX-License-Identifier: Apache-2.0

/// A service, and a subset of it, that traffic is sent to.
package struct Destination: Sendable, Hashable {
    package var host: String
    package var subset: String?
    package var port: Int?

    package init(host: String, subset: String? = nil, port: Int? = nil) {
        self.host = host
        self.subset = subset
        self.port = port
    }

    package init(_ tree: ManifestValue) {
        host = tree.string("host") ?? ""
        subset = tree.string("subset")
        // An empty port selector is not the same as none: validation refuses port 0.
        port = tree["port"].map { $0.int("number") ?? 0 }
    }
}
