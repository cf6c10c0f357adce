// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import GRPCCore
import Logging
import SPIFFE

/// What the streams of one server share.
struct SessionPolicy: Sendable {
    /// Who calls; throws if nobody does.
    var authenticate: @Sendable (ServerContext, Metadata) async throws -> SPIFFEID
    /// Why the caller may not speak for a node, or nil.
    var refusal: @Sendable (Envoy_Config_Core_V3_Node, SPIFFEID) -> String?
    var serverIdentifier: String
    var maximumWaitingRequests: Int
    var warmingTime: Duration
    var now: @Sendable () -> Date
    var source: any ResourceSource
    var registry: SessionRegistry
    var metrics: PushMetrics
    var logger: Logger
}
