// SPDX-License-Identifier: Apache-2.0
package import HTTP1
import ProxyModel

/// CORS for one route: its policy with what virtual host and table add, compiled once a snapshot.
package final class CrossOriginCheck: Sendable {
    private let policy: CrossOriginPolicy
    private let origins: [TextMatcher]
    private let allowsAll: Bool

    private static let origin = HeaderName("origin")
    private static let requestMethod = HeaderName("access-control-request-method")
    private static let requestHeaders = HeaderName("access-control-request-headers")
    private static let requestPrivateNetwork = HeaderName("access-control-request-private-network")
    private static let allowOrigin = HeaderName("access-control-allow-origin")
    private static let allowCredentials = HeaderName("access-control-allow-credentials")
    private static let exposeHeaders = HeaderName("access-control-expose-headers")

    /// - Parameter levels: From the most specific on; each says what those before it do not. Whether the check is made at all is the
    ///   most specific one's to say.
    init(_ levels: [CrossOriginPolicy]) throws(RegexError) {
        var policy = levels.first ?? CrossOriginPolicy(enabled: .none)
        for level in levels.dropFirst() {
            if policy.allowedOrigins.isEmpty { policy.allowedOrigins = level.allowedOrigins }
            if policy.allowedMethods.isEmpty { policy.allowedMethods = level.allowedMethods }
            if policy.allowedHeaders.isEmpty { policy.allowedHeaders = level.allowedHeaders }
            if policy.exposedHeaders.isEmpty { policy.exposedHeaders = level.exposedHeaders }
            if policy.maxAge.isEmpty { policy.maxAge = level.maxAge }
            policy.allowsCredentials = policy.allowsCredentials ?? level.allowsCredentials
            policy.allowsPrivateNetwork = policy.allowsPrivateNetwork ?? level.allowsPrivateNetwork
            policy.forwardsOtherPreflights = policy.forwardsOtherPreflights ?? level.forwardsOtherPreflights
        }
        self.policy = policy
        var origins: [TextMatcher] = []
        for origin in policy.allowedOrigins { origins.append(try TextMatcher(origin)) }
        self.origins = origins
        self.allowsAll = origins.contains { $0.matches("*") }
    }

    /// - Parameter random: Uniform; asked only where the policy holds for a share of the requests.
    package func decide(_ head: RequestHead, random: () -> UInt64) -> CrossOriginDecision {
        let isEnabled = Self.holds(self.policy.enabled, random)
        guard isEnabled || Self.holds(self.policy.shadow, random) else { return .pass }
        guard let origin = head.headers.combined(Self.origin), !origin.isEmpty else { return .pass }
        let isAllowed = self.allowsAll || self.origins.contains { $0.matches(origin) }
        guard isEnabled else { return .watched(isAllowed: isAllowed) }
        if head.method == .options, let method = head.headers.combined(Self.requestMethod), !method.isEmpty,
            isAllowed || !(self.policy.forwardsOtherPreflights ?? true)
        {
            return .answer(
                self.preflight(head, origin: isAllowed ? origin.string : nil, method: method.string), isAllowed: isAllowed)
        }
        return isAllowed ? .allow(origin: origin.string) : .refuse
    }

    private static func holds(_ fraction: Fraction, _ random: () -> UInt64) -> Bool {
        if fraction.numerator == 0 { return false }
        return fraction.numerator >= fraction.denominator || fraction.includes(random())
    }

    private func preflight(_ head: RequestHead, origin: String?, method: String) -> [LocalReply.Header] {
        var headers: [LocalReply.Header] = []
        func add(_ name: String, _ value: String) {
            if !value.isEmpty { headers.append(LocalReply.Header(name: name, value: value)) }
        }
        if let origin { add("access-control-allow-origin", origin) }
        if self.policy.allowsCredentials ?? false { add("access-control-allow-credentials", "true") }
        add("access-control-allow-methods", self.policy.allowedMethods == "*" ? method : self.policy.allowedMethods)
        if self.policy.allowedHeaders == "*" {
            // As Envoy: also where nothing was asked for.
            let asked = head.headers.combined(Self.requestHeaders)?.string ?? ""
            headers.append(LocalReply.Header(name: "access-control-allow-headers", value: asked))
        } else {
            add("access-control-allow-headers", self.policy.allowedHeaders)
        }
        add("access-control-max-age", self.policy.maxAge)
        if self.policy.allowsPrivateNetwork ?? false, head.headers.combined(Self.requestPrivateNetwork)?.string == "true" {
            add("access-control-allow-private-network", "true")
        }
        if origin != nil { add("access-control-expose-headers", self.policy.exposedHeaders) }
        return headers
    }

    /// What an answer to a page of an allowed origin says, whatever the service said.
    package func apply(to headers: inout HeaderBlock, origin: String) {
        headers.set(Self.allowOrigin, origin)
        if self.policy.allowsCredentials ?? false { headers.set(Self.allowCredentials, "true") }
        if !self.policy.exposedHeaders.isEmpty { headers.set(Self.exposeHeaders, self.policy.exposedHeaders) }
    }
}

package enum CrossOriginDecision: Sendable, Hashable {
    /// Not a request of a page, or not one that is looked at.
    case pass
    /// Only looked at.
    case watched(isAllowed: Bool)
    /// Goes on; its answer tells the browser that the page may have it.
    case allow(origin: String)
    /// Goes on; its answer says nothing.
    case refuse
    /// A preflight: 200 with these headers.
    case answer([LocalReply.Header], isAllowed: Bool)

    /// nil where nobody asked.
    package var isOriginValid: Bool? {
        switch self {
        case .pass: nil
        case .watched(let isAllowed), .answer(_, let isAllowed): isAllowed
        case .allow: true
        case .refuse: false
        }
    }
}
