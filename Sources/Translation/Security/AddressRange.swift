// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// `10.0.0.0/8`, `10.0.0.1`, `2001:db8::/32`.
enum AddressRange {
    static func parse(_ text: String) -> Envoy_Config_Core_V3_CidrRange? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = parts.first, !address.isEmpty else { return nil }
        let widest = address.contains(":") ? 128 : 32
        var length = widest
        if parts.count == 2 {
            guard let stated = Int(parts[1]), (0...widest).contains(stated) else { return nil }
            length = stated
        }
        guard widest == 128 || isIPv4(address) else { return nil }
        return .with {
            $0.addressPrefix = address
            $0.prefixLen = WireValues.wrapped(length)
        }
    }

    static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { (1...3).contains($0.count) && UInt8($0) != nil }
    }
}
