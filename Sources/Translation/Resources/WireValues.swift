// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Small values of the wire types.
enum WireValues {
    /// - Parameter host: Or `unix://` and a path.
    static func address(_ host: String, _ port: Int) -> Wire.Address {
        .with {
            guard !host.hasPrefix("unix://") else { return $0.pipe.path = String(host.dropFirst(7)) }
            $0.socketAddress.address = host
            $0.socketAddress.portValue = uint32(port)
        }
    }

    static func uint32(_ number: Int) -> UInt32 { UInt32(clamping: number) }

    static func wrapped(_ number: Int) -> Google_Protobuf_UInt32Value { .init(uint32(number)) }

    static func wrapped(_ flag: Bool) -> Google_Protobuf_BoolValue { .init(flag) }

    static let zeroDuration = Google_Protobuf_Duration()

    /// Nanosecond rounding; out-of-range values are clamped to what protobuf allows.
    static func duration(seconds: Double) -> Google_Protobuf_Duration {
        guard seconds.isFinite, seconds > 0 else { return Google_Protobuf_Duration() }
        let clamped = min(seconds, 315_576_000_000)
        let whole = clamped.rounded(.down)
        let nanos = ((clamped - whole) * 1_000_000_000).rounded()
        if nanos >= 1_000_000_000 { return Google_Protobuf_Duration(seconds: Int64(whole) + 1, nanos: 0) }
        return Google_Protobuf_Duration(seconds: Int64(whole), nanos: Int32(nanos))
    }

    static func duration(_ value: Duration) -> Google_Protobuf_Duration {
        let parts = value.components
        guard parts.seconds >= 0, parts.attoseconds >= 0 else { return Google_Protobuf_Duration() }
        return Google_Protobuf_Duration(
            seconds: min(parts.seconds, 315_576_000_000), nanos: Int32(parts.attoseconds / 1_000_000_000))
    }

    /// Percent, 0…100, in millionths as Istio writes it.
    static func fraction(percent: Double) -> Wire.FractionalPercent {
        .with {
            $0.numerator = UInt32((min(max(percent, 0), 100) * 10_000).rounded())
            $0.denominator = .million
        }
    }

    static func structure(_ fields: [String: Google_Protobuf_Value]) -> Google_Protobuf_Struct {
        .with { $0.fields = fields }
    }

    static func metadata(_ entries: [String: [String: Google_Protobuf_Value]]) -> Wire.Metadata {
        .with { $0.filterMetadata = entries.mapValues(structure) }
    }

    /// Resources of this kind come over the stream that the proxy has open already.
    static let ads: Wire.ConfigSource = .with {
        $0.ads = .init()
        $0.initialFetchTimeout = zeroDuration
        $0.resourceApiVersion = .v3
    }
}
