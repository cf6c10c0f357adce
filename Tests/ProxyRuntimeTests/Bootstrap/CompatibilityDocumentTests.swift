// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import ProxyRuntime
import SwiftProtobuf
import Testing

/// docs/envoy-compatibility.md says what the program does.
@Suite struct CompatibilityDocumentTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The first cells of a section's table, without their backquotes.
    static func cells(_ section: String) throws -> [String] {
        let text = try String(contentsOf: Self.root.appending(path: "docs/envoy-compatibility.md"), encoding: .utf8)
        let start = try #require(text.range(of: "## \(section)\n"))
        let end = text.range(of: "\n## ", range: start.upperBound..<text.endIndex)?.lowerBound ?? text.endIndex
        return text[start.upperBound..<end].split(separator: "\n").filter { $0.hasPrefix("| `") }
            .flatMap { $0.split(separator: "|")[0].split(separator: ",") }
            .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "` ")) }
    }

    /// The messages of `Protos/extensions` that no other message holds: those stand in an `Any`.
    @Test func `every extension of the subset is named, and no other`() throws {
        ExtensionTypes.register()
        let named = try Self.cells("Extensions")
        #expect(named.count == Set(named).count)
        for name in named {
            #expect(Google_Protobuf_Any.messageType(forTypeURL: "type.googleapis.com/\(name)") != nil, "\(name)")
        }
        let files = try #require(
            FileManager.default.enumerator(at: Self.root.appending(path: "Protos"), includingPropertiesForKeys: nil))
        for case let file as URL in files where file.pathExtension == "proto" {
            let text = try String(contentsOf: file, encoding: .utf8)
            guard let package = text.firstMatch(of: /\npackage (envoy\.extensions\.[a-z0-9_.]+);/)?.1 else { continue }
            for match in text.matches(of: /\nmessage ([A-Za-z0-9]+) \{/) {
                let name = "\(package).\(match.1)"
                guard Google_Protobuf_Any.messageType(forTypeURL: "type.googleapis.com/\(name)") != nil else { continue }
                #expect(named.contains(name), "\(name) is not in the document")
            }
        }
    }

    @Test func `every admin command is named, and no other`() async throws {
        let named = try Self.cells("Admin")
        let help = await (try AdminRig()).get("/help").body
        let commands = help.split(separator: "\n").dropFirst().map { String($0.dropFirst(2).prefix { $0 != ":" && $0 != " " }) }
        #expect(Set(named) == Set(commands))
    }
}
