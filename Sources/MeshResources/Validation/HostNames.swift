// SPDX-License-Identifier: Apache-2.0

/// Hosts of one list, asked which of them stand for the same names as another. In time that does not grow with their number,
/// so that a list of very many hosts cannot hold up the server.
struct HostNames: Sendable {
    /// Longer ones are no host names.
    private static let maximumLength = 253

    /// By name, as written, in lower case: where it stands first.
    private var places: [String: Int] = [:]
    /// By `.suffix`: the first host that ends in it.
    private var endings: [Substring: Int] = [:]
    private var first: Int?

    mutating func insert(_ host: String, at place: Int) {
        guard host.utf8.count <= Self.maximumLength else { return }
        let name = host.lowercased()
        if places[name] == nil { places[name] = place }
        for ending in Self.endings(name) where endings[ending] == nil { endings[ending] = place }
        if first == nil { first = place }
    }

    /// The first host that stands for all that `host` stands for.
    func cover(of host: String) -> Int? {
        guard host.utf8.count <= Self.maximumLength else { return nil }
        let name = host.lowercased()
        return ([places["*"], places[name]] + Self.endings(name).map { places["*" + $0] }).compactMap { $0 }.min()
    }

    /// The first host for which `host` stands, or that stands for it.
    func overlap(with host: String) -> Int? {
        guard host != "*" else { return first }
        let name = host.lowercased()
        let covered = name.hasPrefix("*.") ? endings[name.dropFirst()] : nil
        return [cover(of: host), covered].compactMap { $0 }.min()
    }

    /// `a.b.c` → `.b.c`, `.c`.
    private static func endings(_ name: String) -> [Substring] {
        name.indices.filter { name[$0] == "." }.map { name[$0...] }
    }
}
