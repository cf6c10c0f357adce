// SPDX-License-Identifier: Apache-2.0
package import X509

/// What a TLS server of the control plane shows and whom it believes; read anew for each connection, so both can be renewed.
package protocol ServerCredentials: Sendable {
    var servingCertificate: ServingCertificate { get throws }
    var trustBundle: TrustBundle { get }
}

/// A server's chain and key. `serial` tells two apart cheaply.
package struct ServingCertificate: Sendable, CustomStringConvertible, CustomReflectable {
    package let chain: [Certificate]
    package let key: WorkloadKey
    package let serial: UInt64

    package init(chain: [Certificate], key: WorkloadKey, serial: UInt64) {
        self.chain = chain
        self.key = key
        self.serial = serial
    }

    package var description: String { "ServingCertificate(\(self.serial))" }
    package var customMirror: Mirror { Mirror(self, children: ["serial": self.serial]) }
}
