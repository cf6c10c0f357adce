// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Injected delays and aborts.
enum FaultDecoder {
    /// Nil when nothing is injected.
    static func decode(
        _ fault: Envoy_Extensions_Filters_Http_Fault_V3_HTTPFault, _ context: FieldContext
    ) throws(DecodingError) -> FaultPolicy? {
        try context.refuse(!fault.upstreamCluster.isEmpty, "upstream_cluster")
        try context.refuse(fault.hasMaxActiveFaults, "max_active_faults")
        var policy = FaultPolicy(headers: try MatchDecoder.headers(fault.headers, context, "headers"))
        if fault.hasDelay {
            let place = context.field("delay")
            guard case .fixedDelay(let duration)? = fault.delay.faultDelaySecifier else {
                throw place.error("only a fixed delay is supported by this proxy")
            }
            policy.delay = FaultPolicy.Delay(
                duration: try place.duration(duration, "fixed_delay"),
                fraction: try MatchDecoder.fraction(fault.delay.percentage, place.field("percentage")))
        }
        if fault.hasAbort {
            let place = context.field("abort")
            let status: FaultPolicy.Abort.Status
            switch fault.abort.errorType {
            case .httpStatus(let code):
                guard (200..<600).contains(code) else { throw place.field("http_status").error("\(code) is no final status") }
                status = .http(UInt16(code))
            case .grpcStatus(let code): status = .grpc(code)
            case .headerAbort, nil: throw place.error("only a fixed status is supported by this proxy")
            }
            policy.abort = FaultPolicy.Abort(
                status: status, fraction: try MatchDecoder.fraction(fault.abort.percentage, place.field("percentage")))
        }
        return policy.delay == nil && policy.abort == nil ? nil : policy
    }
}
