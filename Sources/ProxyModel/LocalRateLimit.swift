// SPDX-License-Identifier: Apache-2.0

/// How many requests this proxy lets through, counted by itself alone.
package struct LocalRateLimit: Sendable, Hashable {
    /// Filled evenly over time, up to `capacity`.
    package struct Bucket: Sendable, Hashable {
        package var capacity: UInt32
        package var tokensPerFill: UInt32
        package var fillInterval: Duration

        package init(capacity: UInt32, tokensPerFill: UInt32, fillInterval: Duration) {
            self.capacity = capacity
            self.tokensPerFill = tokensPerFill
            self.fillInterval = fillInterval
        }
    }

    /// What rules of the virtual host say, where the route has rules too.
    package enum HostRules: Sendable, Hashable { case replaced, added, ignored }

    package var statPrefix: String
    package var status: UInt16
    /// nil: no limit.
    package var bucket: Bucket?
    /// How many requests are counted at all.
    package var enabled: Fraction
    /// How many of those beyond the limit are refused.
    package var enforced: Fraction
    /// Added to the answer that refuses.
    package var responseHeaders: HeaderMutations
    /// Added to a request beyond the limit that is let through.
    package var requestHeaders: HeaderMutations
    /// Each connection of a client has a bucket of its own.
    package var isPerConnection: Bool
    /// `x-ratelimit-limit`, `-remaining` and `-reset` in every answer.
    package var tellsLimits: Bool
    /// To gRPC callers: RESOURCE_EXHAUSTED instead of UNAVAILABLE.
    package var isResourceExhausted: Bool
    /// Requests that are called so have a bucket of their own.
    package var descriptors: [RateLimitDescriptor: Bucket]
    /// How requests are called; empty: as their routes say.
    package var rules: [RateLimitRule]
    package var stage: UInt32
    package var hostRules: HostRules
    /// Also of a request that has taken from a bucket of its own.
    package var alwaysTakesFromBucket: Bool

    package init(
        statPrefix: String, status: UInt16 = 429, bucket: Bucket? = nil, enabled: Fraction = .none, enforced: Fraction = .none,
        responseHeaders: HeaderMutations = HeaderMutations(), requestHeaders: HeaderMutations = HeaderMutations(),
        isPerConnection: Bool = false, tellsLimits: Bool = false, isResourceExhausted: Bool = false,
        descriptors: [RateLimitDescriptor: Bucket] = [:], rules: [RateLimitRule] = [], stage: UInt32 = 0,
        hostRules: HostRules = .replaced, alwaysTakesFromBucket: Bool = true
    ) {
        self.statPrefix = statPrefix
        self.status = status
        self.bucket = bucket
        self.enabled = enabled
        self.enforced = enforced
        self.responseHeaders = responseHeaders
        self.requestHeaders = requestHeaders
        self.isPerConnection = isPerConnection
        self.tellsLimits = tellsLimits
        self.isResourceExhausted = isResourceExhausted
        self.descriptors = descriptors
        self.rules = rules
        self.stage = stage
        self.hostRules = hostRules
        self.alwaysTakesFromBucket = alwaysTakesFromBucket
    }
}
