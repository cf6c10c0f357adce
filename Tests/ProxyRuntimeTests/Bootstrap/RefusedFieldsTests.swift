// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The table of refused fields in docs/envoy-compatibility.md says what the decoders refuse, in messages that there are.
@Suite struct RefusedFieldsTests {
    private static func texts(_ folder: String, _ type: String) throws -> [String] {
        let root = CompatibilityDocumentTests.root.appending(path: folder)
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var texts: [String] = []
        for case let file as URL in files where file.pathExtension == type {
            texts.append(try String(contentsOf: file, encoding: .utf8))
        }
        return texts
    }

    /// Message → fields.
    private static func table() throws -> [(message: String, fields: [String])] {
        let document = CompatibilityDocumentTests.root.appending(path: "docs/envoy-compatibility.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        let start = try #require(text.range(of: "## Refused fields\n"))
        let end = text.range(of: "\n## ", range: start.upperBound..<text.endIndex)?.lowerBound ?? text.endIndex
        return text[start.upperBound..<end].split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let names = line.matches(of: /`([A-Za-z0-9_.]+)`/).map { String($0.1) }
            return (names[0], Array(names.dropFirst()))
        }
    }

    @Test func `every refused field is in the table, and no other`() throws {
        var refused: Set<String> = []
        for text in try Self.texts("Sources/XDSDecoding", "swift") {
            let calls = text.matches(of: /refuse\([^"]*?, "([a-z0-9_.]+)(?: of [A-Z_]+)?"\)/)
            for call in calls { refused.insert(String(call.1)) }
        }
        let named = Set(try Self.table().flatMap(\.fields))
        #expect(refused.count > 40)
        #expect(named.subtracting(refused).isEmpty, "not refused: \(named.subtracting(refused).sorted())")
        #expect(refused.subtracting(named).isEmpty, "not in the document: \(refused.subtracting(named).sorted())")
    }

    @Test func `every message in the table is one of the subset and has the fields`() throws {
        let protos = try Self.texts("Protos", "proto")
        for (message, fields) in try Self.table() {
            let parts = message.split(separator: ".")
            let package = parts.prefix { $0.first?.isLowercase ?? false }.joined(separator: ".")
            let file = protos.first { text in
                text.contains("package \(package);") && parts.suffix(1).allSatisfy { text.contains("message \($0) {") }
            }
            let text = try #require(file, "\(message)")
            let body = try #require(text.range(of: "message \(parts[parts.count - 1]) {")).upperBound
            for field in fields {
                let name = field.split(separator: ".")[0]
                #expect(text[body...].firstRange(of: " \(name) = ") != nil, "\(message) has no \(field)")
            }
        }
    }
}
