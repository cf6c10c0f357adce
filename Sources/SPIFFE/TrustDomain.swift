// SPDX-License-Identifier: Apache-2.0
/// The part of a SPIFFE ID that names who vouches for it.
package struct TrustDomain: Sendable, Hashable {
    package var name: String
    package init(name: String) { self.name = name }
}
