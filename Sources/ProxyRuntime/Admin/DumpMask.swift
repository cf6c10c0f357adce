// SPDX-License-Identifier: Apache-2.0
import SwiftProtobuf

/// `?mask=` of `/config_dump`: the fields that are shown of each entry, as paths with commas between them.
struct DumpMask {
    private let paths: [[String]]

    /// Nil for none.
    init?(_ text: String?) {
        guard let text, !text.isEmpty else { return nil }
        self.paths = text.split(separator: ",").map { $0.split(separator: ".").map(String.init) }.filter { !$0.isEmpty }
    }

    /// What is left of an entry. A path ends at a list: its members cannot be named.
    func applied(to entry: [String: Any]) -> [String: Any] {
        var kept: [String: Any] = [:]
        for path in self.paths { kept = Self.merged(kept, Self.kept(of: entry, path[...])) }
        kept["@type"] = entry["@type"]
        return kept
    }

    /// The first path that no entry of the type can have; nil if there is none.
    func fault(for type: any Message.Type) -> String? {
        self.paths.first { path in !path.prefix(1).allSatisfy { type.isPathValid($0) } }?.joined(separator: ".")
    }

    private static func kept(of object: [String: Any], _ path: ArraySlice<String>) -> [String: Any] {
        guard let name = path.first, let value = object[name] else { return [:] }
        let rest = path.dropFirst()
        guard !rest.isEmpty else { return [name: value] }
        guard let inner = value as? [String: Any] else { return [:] }
        var kept = Self.kept(of: inner, rest)
        kept["@type"] = inner["@type"]
        return [name: kept]
    }

    private static func merged(_ first: [String: Any], _ second: [String: Any]) -> [String: Any] {
        first.merging(second) { old, new in
            guard let old = old as? [String: Any], let new = new as? [String: Any] else { return new }
            return Self.merged(old, new)
        }
    }
}
