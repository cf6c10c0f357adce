// SPDX-License-Identifier: Apache-2.0

/// A key, the SVID issued for it, and the roots to check peers against: what a workload needs for mutual TLS.
package struct WorkloadCredential: Sendable, CustomStringConvertible, CustomReflectable {
    package let key: WorkloadKey
    package let svid: X509SVID
    package let bundle: TrustBundle

    /// Refuses an SVID that was not issued for `key`.
    package init(key: WorkloadKey, svid: X509SVID, bundle: TrustBundle) throws(SPIFFEError) {
        guard key.matches(svid.leaf) else {
            throw SPIFFEError(.invalidCertificate, "certificate was issued for another key")
        }
        self.key = key
        self.svid = svid
        self.bundle = bundle
    }

    package var id: SPIFFEID { self.svid.id }

    package var description: String { "WorkloadCredential(\(self.svid.id))" }
    package var customMirror: Mirror { Mirror(self, children: ["id": self.svid.id.description]) }
}
