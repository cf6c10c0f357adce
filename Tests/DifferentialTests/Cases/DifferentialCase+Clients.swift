// SPDX-License-Identifier: Apache-2.0

/// `x-forwarded-for`, believed as far as the listener says.
extension DifferentialCase {
    private static let told: [(name: String, values: [String])] = [
        ("nobody", []), ("one", ["1.2.3.4"]), ("two", ["1.2.3.4, 5.6.7.8"]), ("three", ["9.9.9.9,1.2.3.4, 5.6.7.8"]),
        ("one on the list", ["9.9.9.9"]), ("one on the list in front", ["9.9.9.9, 1.2.3.4"]),
        ("one on the list behind", ["1.2.3.4,9.9.9.9"]), ("one on the list behind another", ["9.9.9.1", "1.2.3.4"]),
        ("two lines", ["1.2.3.4", "9.9.9.9"]), ("one of IPv6", ["2001:db8::1"]), ("one of IPv6 in full", ["2001:DB9:0:0:0::1"]),
        ("one in brackets", ["[2001:db8::1]"]), ("one with a port", ["9.9.9.9:80"]), ("no address", ["nonsense"]),
        ("no address behind", ["9.9.9.9, nonsense"]), ("a comma behind", ["9.9.9.9,"]), ("a comma in front", [",9.9.9.9"]),
        ("nothing", [""]), ("a leading zero", ["09.9.9.9"]), ("three parts", ["9.9.9"]), ("blanks", ["  9.9.9.9\t"]),
    ]

    static let clients: [DifferentialCase] =
        [Listener.forwarded, .hops, .edge].flatMap { listener in
            Self.told.map { told in
                .request("client \(told.name)", on: listener, headers: told.values.map { "X-Forwarded-For: \($0)" })
            }
        }
        + [.request("protocol of a trusted proxy", on: .edge, headers: ["X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https"])]
}
