// SPDX-License-Identifier: Apache-2.0

/// A named, versioned, opaque resource.
package struct XDSResource: Sendable, Hashable {
    package let name: String
    package let version: String
    /// The serialised message, without the `Any` around it.
    package let payload: [UInt8]

    package init(name: String, version: String, payload: [UInt8]) {
        self.name = name
        self.version = version
        self.payload = payload
    }

    /// With the content's digest as version.
    package init(name: String, payload: [UInt8]) {
        self.init(name: name, version: ResourceVersion.of(payload), payload: payload)
    }
}
