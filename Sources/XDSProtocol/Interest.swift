// SPDX-License-Identifier: Apache-2.0

/// Which names of a type a client has asked for.
struct Interest: Sendable, Hashable {
    static let everything = "*"

    private(set) var isWildcard = false
    private(set) var names: Set<String> = []

    func includes(_ name: String) -> Bool { self.isWildcard || self.names.contains(name) }

    /// Adds names; returns those that were asked for by name, in order.
    mutating func add(_ requested: [String]) -> [String] {
        var explicit: [String] = []
        for name in requested {
            if name == Self.everything {
                self.isWildcard = true
            } else {
                self.names.insert(name)
                explicit.append(name)
            }
        }
        return explicit
    }

    mutating func addEverything() { self.isWildcard = true }

    mutating func remove(_ given: [String]) {
        for name in given {
            if name == Self.everything {
                self.isWildcard = false
            } else {
                self.names.remove(name)
            }
        }
    }

    mutating func replace(with requested: [String], isWildcard: Bool) {
        self.names = Set(requested.filter { $0 != Self.everything })
        self.isWildcard = isWildcard
    }
}
