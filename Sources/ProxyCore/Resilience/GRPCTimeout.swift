// SPDX-License-Identifier: Apache-2.0
package import HTTP1

/// The value of `grpc-timeout`: at most eight digits and a unit.
package enum GRPCTimeout {
    package static func parse(_ text: TextSlice) -> Duration? {
        guard text.count >= 2, text.count <= 9, let amount = text.slice(0..<(text.count - 1)).decimal else { return nil }
        let unit = text.withBytes { $0.last }
        switch unit {
        case UInt8(ascii: "H"): return .seconds(amount * 3600)
        case UInt8(ascii: "M"): return .seconds(amount * 60)
        case UInt8(ascii: "S"): return .seconds(amount)
        case UInt8(ascii: "m"): return .milliseconds(amount)
        case UInt8(ascii: "u"): return .microseconds(amount)
        case UInt8(ascii: "n"): return .nanoseconds(amount)
        default: return nil
        }
    }
}
