// SPDX-License-Identifier: Apache-2.0

/// A set of response flags.
package struct ResponseFlags: OptionSet, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }
    package init(_ flag: ResponseFlag) { self.rawValue = 1 << UInt32(flag.rawValue) }

    package func contains(_ flag: ResponseFlag) -> Bool { self.contains(ResponseFlags(flag)) }
    package mutating func insert(_ flag: ResponseFlag) { self.formUnion(ResponseFlags(flag)) }

    package var flags: [ResponseFlag] { ResponseFlag.allCases.filter(self.contains) }

    /// `UF,URX`, or `-` for none.
    package var shortText: String {
        self.isEmpty ? "-" : self.flags.map(\.shortName).joined(separator: ",")
    }

    package var longText: String {
        self.isEmpty ? "-" : self.flags.map(\.longName).joined(separator: ",")
    }

    package var description: String { self.shortText }
}
