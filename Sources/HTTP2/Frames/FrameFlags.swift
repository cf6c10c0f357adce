// SPDX-License-Identifier: Apache-2.0

/// RFC 9113 6: one bit means different things on different types.
struct FrameFlags: OptionSet {
    let rawValue: UInt8

    static let endStream = Self(rawValue: 0x1)
    static let acknowledgement = Self(rawValue: 0x1)
    static let endHeaders = Self(rawValue: 0x4)
    static let padded = Self(rawValue: 0x8)
    static let priority = Self(rawValue: 0x20)
}
