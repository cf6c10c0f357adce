// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// `Http2ProtocolOptions` of a connection manager or a cluster, within the ranges that Envoy allows.
enum HTTP2OptionsDecoder {
    static func decode(
        _ wire: Envoy_Config_Core_V3_Http2ProtocolOptions, _ context: FieldContext
    ) throws(DecodingError) -> HTTP2Options {
        var options = HTTP2Options(acceptsConnect: wire.allowConnect)
        if wire.hasMaxConcurrentStreams {
            options.concurrentStreams = try Self.number(wire.maxConcurrentStreams, from: 1, "max_concurrent_streams", context)
        }
        if wire.hasInitialStreamWindowSize {
            options.streamWindow = try Self.number(
                wire.initialStreamWindowSize, from: 65_535, "initial_stream_window_size", context)
        }
        if wire.hasInitialConnectionWindowSize {
            options.connectionWindow = try Self.number(
                wire.initialConnectionWindowSize, from: 65_535, "initial_connection_window_size", context)
        }
        if wire.hasConnectionKeepalive {
            options.keepAlive = try Self.keepAlive(wire.connectionKeepalive, context.field("connection_keepalive"))
        }
        return options
    }

    private static func number(
        _ value: Google_Protobuf_UInt32Value, from least: UInt32, _ name: String, _ context: FieldContext
    ) throws(DecodingError) -> Int {
        guard (least...0x7FFF_FFFF).contains(value.value) else {
            throw context.field(name).error("\(value.value) is not between \(least) and 2147483647")
        }
        return Int(value.value)
    }

    private static func keepAlive(
        _ wire: Envoy_Config_Core_V3_KeepaliveSettings, _ context: FieldContext
    ) throws(DecodingError) -> HTTP2Options.KeepAlive {
        guard wire.hasTimeout else { throw context.field("timeout").error("is required") }
        var result = HTTP2Options.KeepAlive(timeout: try Self.time(wire.timeout, "timeout", context))
        if wire.hasInterval { result.interval = try Self.time(wire.interval, "interval", context) }
        if wire.hasConnectionIdleInterval {
            result.idleInterval = try Self.time(wire.connectionIdleInterval, "connection_idle_interval", context)
        }
        if wire.hasIntervalJitter {
            guard (0...100).contains(wire.intervalJitter.value) else {
                throw context.field("interval_jitter").error("\(wire.intervalJitter.value) is no percentage")
            }
            result.jitter = wire.intervalJitter.value
        }
        return result
    }

    /// Envoy's own limit: shorter ones would be a flood.
    private static func time(
        _ value: Google_Protobuf_Duration, _ name: String, _ context: FieldContext
    ) throws(DecodingError) -> Duration {
        let time = try context.duration(value, name)
        guard time >= .milliseconds(1) else { throw context.field(name).error("is less than 1 ms") }
        return time
    }
}
