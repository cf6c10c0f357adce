// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf

/// Messages to bytes, the same bytes for the same content.
enum WireBytes {
    static func of(_ message: some Message) -> Data {
        var options = BinaryEncodingOptions()
        options.useDeterministicOrdering = true
        // proto3 without required fields: the only failure left is a message over 2 GiB, far above what validation lets in.
        return (try? message.serializedBytes(options: options)) ?? Data()
    }

    static func packed(_ message: some Message) -> Google_Protobuf_Any {
        var packed = Google_Protobuf_Any()
        packed.typeURL = TypeURL.prefix + type(of: message).protoMessageName
        packed.value = of(message)
        return packed
    }

    /// FNV-1a, 64 bits, over the bytes: a version that only changes when the content does.
    static func version(of bytes: Data) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
