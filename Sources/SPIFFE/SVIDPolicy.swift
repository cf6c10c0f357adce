// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
import X509

/// What SPIFFE asks of a chain beyond RFC 5280: a leaf that is an SVID of the trust domain, under certificates that may sign.
struct SVIDPolicy: VerifierPolicy {
    let trustDomain: TrustDomain

    /// SVIDs have no subject, so their names are critical (RFC 5280, 4.2.1.6); this policy is what reads them.
    let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
        .X509ExtensionID.subjectAlternativeName, .X509ExtensionID.extendedKeyUsage,
    ]

    mutating func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) async -> PolicyEvaluationResult {
        do {
            let trustDomain = self.trustDomain
            let id = try X509SVID.identity(ofLeaf: chain.leaf)
            guard id.trustDomain == trustDomain else {
                return .failsToMeetPolicy(reason: "identity is of trust domain \(id.trustDomain), not \(trustDomain)")
            }
            for signer in chain.dropFirst() {
                if let usage = try signer.extensions.keyUsage, !usage.keyCertSign {
                    return .failsToMeetPolicy(reason: "an issuer's key usage does not allow signing certificates")
                }
            }
            return .meetsPolicy
        } catch {
            return .failsToMeetPolicy(reason: "\(error)")
        }
    }
}
