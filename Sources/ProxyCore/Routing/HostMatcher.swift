// SPDX-License-Identifier: Apache-2.0

package import HTTP1

/// Finds the virtual host for an authority, at a cost that does not grow with their number: exact name, then the longest
/// `*suffix`, then the longest `prefix*`, then `*` (Envoy's order). Case does not matter.
package struct HostMatcher: Sendable {
    private var exact: HostTable
    /// Without the star; by length, longest first.
    private var suffixes: [(length: Int, hosts: HostTable)] = []
    private var prefixes: [(length: Int, hosts: HostTable)] = []
    private var catchAll: Int?
    private let ignoresPort: Bool

    /// `domains[i]` are those of virtual host `i`. A domain that stands twice belongs to the first.
    package init(domains: [[String]], ignoresPort: Bool) {
        self.ignoresPort = ignoresPort
        var exact: [String: Int] = [:]
        var suffixes: [Int: [String: Int]] = [:]
        var prefixes: [Int: [String: Int]] = [:]
        for (index, names) in domains.enumerated() {
            for name in names {
                let name = name.lowercased()
                if name == "*" {
                    catchAll = catchAll ?? index
                } else if name.hasPrefix("*") {
                    let rest = String(name.dropFirst())
                    suffixes[rest.utf8.count, default: [:]][rest, default: index] = suffixes[rest.utf8.count]?[rest] ?? index
                } else if name.hasSuffix("*") {
                    let rest = String(name.dropLast())
                    prefixes[rest.utf8.count, default: [:]][rest, default: index] = prefixes[rest.utf8.count]?[rest] ?? index
                } else if exact[name] == nil {
                    exact[name] = index
                }
            }
        }
        self.exact = HostTable(exact)
        self.suffixes = suffixes.sorted { $0.key > $1.key }.map { ($0.key, HostTable($0.value)) }
        self.prefixes = prefixes.sorted { $0.key > $1.key }.map { ($0.key, HostTable($0.value)) }
    }

    package func virtualHost(for authority: TextSlice) -> Int? {
        if exact.isEmpty, suffixes.isEmpty, prefixes.isEmpty { return catchAll }
        return authority.ask { bytes in self.virtualHost(for: self.ignoresPort ? Self.withoutPort(bytes) : bytes) }
    }

    private func virtualHost(for name: UnsafeRawBufferPointer) -> Int? {
        if let index = exact[name] { return index }
        // A wildcard stands for at least one character.
        for (length, hosts) in suffixes where length < name.count {
            if let index = hosts[UnsafeRawBufferPointer(rebasing: name[(name.count - length)...])] { return index }
        }
        for (length, hosts) in prefixes where length < name.count {
            if let index = hosts[UnsafeRawBufferPointer(rebasing: name[..<length])] { return index }
        }
        return catchAll
    }

    private static func withoutPort(_ name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        var end = name.count
        while end > 0, name[end - 1] >= UInt8(ascii: "0"), name[end - 1] <= UInt8(ascii: "9") { end -= 1 }
        guard end > 0, name[end - 1] == UInt8(ascii: ":") else { return name }
        return UnsafeRawBufferPointer(rebasing: name[..<(end - 1)])
    }
}
