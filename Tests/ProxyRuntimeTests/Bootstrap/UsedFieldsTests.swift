// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Every field of the subset is read by somebody, or stands among the refused or the harmless ones of docs/envoy-compatibility.md.
///
/// A field counts as read where the sources name it, whatever message it is of: a name that two messages have can hide one.
@Suite struct UsedFieldsTests {
    private struct Field: Hashable, CustomStringConvertible {
        var message: String
        var name: String
        var description: String { "\(self.message).\(self.name)" }
    }

    private static func files(_ folder: String, _ type: String) throws -> [(path: String, text: String)] {
        let root = CompatibilityDocumentTests.root.appending(path: folder)
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var texts: [(path: String, text: String)] = []
        for case let file as URL in files where file.pathExtension == type {
            texts.append((file.path, try String(contentsOf: file, encoding: .utf8)))
        }
        return texts
    }

    /// Without underscores and in lower case: `maxAge` and `max_age` are one.
    private static func plain(_ name: some StringProtocol) -> String { String(name.filter { $0 != "_" }).lowercased() }

    /// Words of the sources that are not in comments or texts.
    private static func words() throws -> Set<String> {
        var words: Set<String> = []
        for folder in ["Sources/XDSDecoding", "Sources/XDSClient", "Sources/ProxyRuntime"] {
            for (_, text) in try Self.files(folder, "swift") {
                for line in text.split(separator: "\n") {
                    let code = line.replacing(/"(\\.|[^"\\])*"/, with: "").replacing(/\/\/.*/, with: "")
                    for word in code.matches(of: /[A-Za-z_][A-Za-z0-9_]*/) { words.insert(Self.plain(word.0)) }
                }
            }
        }
        return words
    }

    /// What `protoc` would read; the subset has one statement a line.
    private static func fields() throws -> [Field] {
        var fields: [Field] = []
        for (path, text) in try Self.files("Protos/envoy", "proto")
        where !path.contains("/service/") && !path.contains("/admin/") {
            var package = ""
            var open: [(isMessage: Bool, isEnumeration: Bool, name: String)] = []
            for line in text.split(separator: "\n") {
                if let match = line.firstMatch(of: /^package ([a-z0-9_.]+);/) { package = String(match.1) }
                if let match = line.firstMatch(of: /^ *(message|enum|oneof|service) (\w+) \{/) {
                    if !line.contains("}") { open.append((match.1 == "message", match.1 == "enum", String(match.2))) }
                    continue
                }
                if let match = line.firstMatch(of: /^ *(?:repeated |optional )?(?:map<[^>]*>|[A-Za-z0-9_.]+) (\w+) = \d+/),
                    !(open.last?.isEnumeration ?? true)
                {
                    let message = ([package] + open.filter(\.isMessage).map(\.name)).joined(separator: ".")
                    fields.append(Field(message: message, name: String(match.1)))
                }
                if line.contains("}") { _ = open.popLast() }
            }
        }
        return fields
    }

    private static func table(_ title: String) throws -> Set<Field> {
        let document = CompatibilityDocumentTests.root.appending(path: "docs/envoy-compatibility.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        let start = try #require(text.range(of: "## \(title)\n"))
        let end = text.range(of: "\n## ", range: start.upperBound..<text.endIndex)?.lowerBound ?? text.endIndex
        var fields: Set<Field> = []
        for line in text[start.upperBound..<end].split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|")
            guard cells.count > 1, let message = cells[0].firstMatch(of: /`([A-Za-z0-9_.]+)`/) else { continue }
            for name in cells[1].matches(of: /`([A-Za-z0-9_.]+)`/) {
                fields.insert(Field(message: String(message.1), name: String(name.1)))
            }
        }
        return fields
    }

    /// Parts of what is refused as a whole, or of what is refused for want of another part.
    private static let partsOfRefused: Set<String> = [
        "envoy.config.cluster.v3.Cluster.LbSubsetConfig", "envoy.config.cluster.v3.Cluster.SlowStartConfig",
        "envoy.config.core.v3.EnvoyInternalAddress", "envoy.config.core.v3.SocketAddress.named_port",
        "envoy.config.endpoint.v3.LbEndpoint.endpoint_name", "envoy.extensions.filters.common.fault.v3.FaultDelay.header_delay",
        // Nothing writes metadata, so that no matcher on it matches.
        "envoy.type.matcher.v3.ListStringMatcher", "envoy.type.matcher.v3.ValueMatcher", "envoy.type.matcher.v3.OrMatcher",
        "envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig",
    ]

    @Test func `no field of the subset is left out without a word`() throws {
        let words = try Self.words()
        let said = try Self.table("Refused fields").union(Self.table("Harmless fields"))
        let all = try Self.fields()
        #expect(all.count > 500)
        let silent = all.filter { field in
            let name = Self.plain(field.name)
            return !words.contains(name) && !words.contains("has" + name) && !said.contains(field)
                && !Self.partsOfRefused.contains(field.message) && !Self.partsOfRefused.contains(field.description)
        }
        #expect(silent.isEmpty, "\(silent.map(\.description).sorted())")
    }

    @Test func `harmless fields are fields of the subset`() throws {
        let unknown = try Self.table("Harmless fields").subtracting(Self.fields())
        #expect(unknown.isEmpty, "\(unknown.map(\.description).sorted())")
    }
}
