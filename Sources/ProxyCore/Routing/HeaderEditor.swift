// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// Header mutations, compiled once a snapshot: names looked up once, values without operators ready to be copied.
package struct HeaderEditor: Sendable {
    private struct Edit: Sendable {
        var name: HeaderName
        var value: [Part]
        var mode: HeaderMutations.Mode
        var keepsEmpty: Bool
    }

    private enum Part: Sendable {
        case text(String)
        /// Between the percent signs: `REQ(x-a)`, `DOWNSTREAM_REMOTE_ADDRESS`.
        case command(String)
    }

    private let removals: [HeaderName]
    private let edits: [Edit]
    /// Whether values are asked for that only the request knows.
    package let hasCommands: Bool
    private let namesHost: Bool

    package init(_ mutations: HeaderMutations) {
        removals = mutations.removals.map { HeaderName($0) }
        edits = mutations.edits.map {
            Edit(name: HeaderName($0.name), value: Self.parts($0.value), mode: $0.mode, keepsEmpty: $0.keepsEmpty)
        }
        hasCommands = edits.contains { $0.value.contains { if case .command = $0 { true } else { false } } }
        namesHost = removals.contains { $0.known == .host } || edits.contains { $0.name.known == .host }
    }

    private static func parts(_ value: String) -> [Part] {
        var parts: [Part] = []
        var text = ""
        var rest = value[...]
        while let percent = rest.firstIndex(of: "%") {
            text += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if rest.first == "%" {
                text += "%"
                rest = rest.dropFirst()
                continue
            }
            guard let end = Self.end(of: rest) else {
                text += "%"
                break
            }
            if !text.isEmpty { parts.append(.text(text)) }
            text = ""
            parts.append(.command(String(rest[..<end])))
            rest = rest[rest.index(after: end)...]
        }
        text += rest
        if !text.isEmpty { parts.append(.text(text)) }
        return parts
    }

    /// The percent sign behind a command, not one in its arguments (`START_TIME(%Y)`).
    private static func end(of command: Substring) -> Substring.Index? {
        guard let first = command.firstIndex(where: { $0 == "%" || $0 == "(" }) else { return nil }
        guard command[first] == "(", let close = command[first...].firstIndex(of: ")") else {
            return command[first] == "%" ? first : nil
        }
        return command[close...].firstIndex(of: "%")
    }

    /// As Envoy, an edit that comes to nothing is not made.
    ///
    /// - Parameter resolve: the value of a command; nil reads as nothing.
    package func apply(to headers: inout HeaderBlock, resolve: (String) -> String?) {
        for name in removals { headers.remove(name) }
        for edit in edits {
            let present = headers.contains(edit.name)
            switch edit.mode {
            case .addIfAbsent where present: continue
            case .overwriteIfPresent where !present: continue
            default: break
            }
            var value = ""
            for part in edit.value {
                switch part {
                case .text(let text): value += text
                case .command(let command): value += (resolve(command) ?? "").filter { !$0.isNewline && $0 != "\0" }
                }
            }
            if value.isEmpty, !edit.keepsEmpty { continue }
            if edit.mode == .overwrite || edit.mode == .overwriteIfPresent {
                headers.set(edit.name, value)
            } else {
                headers.add(edit.name, value)
            }
        }
    }

    /// For requests: `host` and `:authority` change the authority, the rest are headers.
    package func apply(to head: inout RequestHead, resolve: (String) -> String?) {
        let before = self.namesHost ? head.headers.first(.host) : nil
        self.apply(to: &head.headers, resolve: resolve)
        if self.namesHost, let host = head.headers.first(.host), host != before { head.setAuthority(host) }
    }
}
