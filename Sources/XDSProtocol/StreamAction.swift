// SPDX-License-Identifier: Apache-2.0

/// What the shell around an aggregated stream has to do, in order.
package enum StreamAction<Push: Sendable>: Sendable {
    case send(ResourceType, Push)
    /// A client said something about a type before resources were given: fetch them.
    case fetchResources
    /// A response was sent, accepted or rejected.
    case statusChanged(ResourceType, SubscriptionStatus)
    /// Call `warmingTimedOut` with the round after the warming time.
    case startWarmingTimer(round: UInt64)
}
