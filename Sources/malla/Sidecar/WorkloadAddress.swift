// SPDX-License-Identifier: Apache-2.0

/// The addresses in 127.64.0.0/10 that a workload may have, the most wanted first: a hash of its name, so that a restart
/// finds its own again.
package struct WorkloadAddress: Sendable, Hashable {
    private static let hostBits: UInt32 = (1 << 22) - 1

    private let start: UInt32
    private let stride: UInt32

    package init(namespace: String, name: String) {
        // FNV-1a, 64 bits: start and stride come from different ends.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(namespace)/\(name)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        start = UInt32(truncatingIfNeeded: hash) & Self.hostBits
        stride = (UInt32(truncatingIfNeeded: hash >> 32) & Self.hostBits) | 1
    }

    /// The first `count` candidates; none ends in .0 or .255.
    package func candidates(_ count: Int) -> [String] {
        var found: [String] = []
        var host = start
        while found.count < count {
            let last = host & 0xff
            if last != 0, last != 255 {
                found.append("127.\(64 + (host >> 16)).\((host >> 8) & 0xff).\(last)")
            }
            host = (host &+ stride) & Self.hostBits
        }
        return found
    }

    /// The first candidate that no one else has and that `isFree` finds free; `preferred` is tried before all.
    package func pick(preferred: String?, taken: Set<String>, isFree: (String) -> Bool) -> String? {
        if let preferred, !taken.contains(preferred), isFree(preferred) { return preferred }
        return candidates(64).first { !taken.contains($0) && isFree($0) }
    }
}
