// SPDX-License-Identifier: Apache-2.0

/// What pages of other origins may ask for (CORS). What is nil or empty is taken from the level above: virtual host, route table.
package struct CrossOriginPolicy: Sendable, Hashable {
    package var allowedOrigins: [TextMatch]
    /// Values of the headers, as they are sent.
    package var allowedMethods: String
    package var allowedHeaders: String
    package var exposedHeaders: String
    package var maxAge: String
    package var allowsCredentials: Bool?
    package var allowsPrivateNetwork: Bool?
    /// Whether a preflight of an origin that is not allowed goes on to the service; nil: it does.
    package var forwardsOtherPreflights: Bool?
    /// For how many requests it holds.
    package var enabled: Fraction
    /// For how many of the others the origin is looked at and counted.
    package var shadow: Fraction

    package init(
        allowedOrigins: [TextMatch] = [], allowedMethods: String = "", allowedHeaders: String = "", exposedHeaders: String = "",
        maxAge: String = "", allowsCredentials: Bool? = nil, allowsPrivateNetwork: Bool? = nil,
        forwardsOtherPreflights: Bool? = nil, enabled: Fraction = .all, shadow: Fraction = .none
    ) {
        self.allowedOrigins = allowedOrigins
        self.allowedMethods = allowedMethods
        self.allowedHeaders = allowedHeaders
        self.exposedHeaders = exposedHeaders
        self.maxAge = maxAge
        self.allowsCredentials = allowsCredentials
        self.allowsPrivateNetwork = allowsPrivateNetwork
        self.forwardsOtherPreflights = forwardsOtherPreflights
        self.enabled = enabled
        self.shadow = shadow
    }
}
