// SPDX-License-Identifier: Apache-2.0
import Crypto

/// Versions are digests of content: the same bytes have the same version in every process and after every restart.
package enum ResourceVersion {
    /// 128 bits of SHA-256, in hexadecimal digits.
    package static func of(_ bytes: [UInt8]) -> String {
        Self.hexadecimal(SHA256.hash(data: bytes).prefix(16))
    }

    /// The version of a whole set: changes when a member comes, goes or changes.
    package static func of(_ set: ResourceSet) -> String {
        var hash = SHA256()
        for name in set.names {
            hash.update(data: Array(name.utf8) + [0])
            hash.update(data: Array((set[name]?.version ?? "").utf8) + [0])
        }
        return Self.hexadecimal(hash.finalize().prefix(16))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(32)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
