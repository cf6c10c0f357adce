// SPDX-License-Identifier: Apache-2.0
package import HTTP1

/// `x-forwarded-for`: each proxy adds the address that called it at the end.
package enum ForwardedFor {
    /// The last entry but `skipped`; nil where there are not so many. Whether it is an address is left to the caller.
    package static func address(_ list: TextSlice, skipping skipped: Int) -> String? {
        var rest = list
        for _ in 0..<skipped {
            guard let comma = rest.lastIndex(of: UInt8(ascii: ",")) else { return nil }
            rest = rest.slice(0..<comma)
        }
        // As Envoy: a comma at the very end is part of the entry, which is then none.
        if let comma = rest.lastIndex(of: UInt8(ascii: ",")), comma + 1 < rest.count { rest = rest.slice(comma + 1..<rest.count) }
        let entry = rest.trimmed
        return entry.isEmpty ? nil : entry.string
    }
}
