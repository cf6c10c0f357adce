// SPDX-License-Identifier: Apache-2.0

import Foundation
import MeshResources
import MeshTestKit
import Testing

/// Changed manifests: nothing traps, every refusal says why, and what is accepted is read back as the same resource.
@Suite struct ManifestMutationTests {
    private static let tokens = [
        "{}", "[]", "null", "true", "1.5", "\"\"", "*other", "&a ", "*a", "\n", "\n  ", "- ", ": ", "'", "\"", "|\n", ">-\n", "? ",
        "!!str ", "%YAML 1.1\n",
        "---\n", "...\n", "-1s", "0s", "1h", "1ms", "99999999999h", "nan", "(", "[a-z]+", "\\", "\u{0}", "\u{2028}", "*", "*.",
        "name: x", "{", "}", "0.0.0.0/0",
        "::/0", "spiffe://", "cluster.local/ns/a/sa/b",
    ]

    @Test func `manifests`() throws {
        var seeds = [BadInputTests.good]
        seeds += try TestFiles.fixtures("Brief").map(\.text)
        for var mutator in Mutator.rounds(400, tokens: Self.tokens) {
            let bytes = mutator.changed(Array(mutator.pick(seeds).utf8), other: Array(mutator.pick(seeds).utf8))
            for document in ManifestReader().read(bytes) {
                for diagnostic in document.diagnostics {
                    #expect(!diagnostic.message.isEmpty && diagnostic.message.utf8.count < 4000, "\(mutator): \(diagnostic)")
                }
                #expect(document.hasErrors == (document.validated == nil), "\(mutator): \(document.name)")
                guard let resource = document.validated, let tree = document.resource?.tree else { continue }
                let yaml = YAMLTreeWriter.text(tree)
                let again = ManifestReader().read(yaml)
                #expect(again.compactMap(\.validated) == [resource], "\(mutator): \(yaml)")
                #expect(again.first?.resource.map { YAMLTreeWriter.text($0.tree) } == yaml, "\(mutator): \(yaml)")
                let json = JSONTreeWriter.compact(tree)
                #expect(try JSONTreeReader.read(Data(json.utf8)) == tree, "\(mutator): \(json)")
            }
        }
    }

    @Test func `JSON bodies`() {
        let seeds = ManifestReader().read(BadInputTests.good).compactMap { $0.resource.map { JSONTreeWriter.compact($0.tree) } }
        for var mutator in Mutator.rounds(
            1500, tokens: Self.tokens + ["\\u0000", "\\ud800", "\\", "1e999", "-0", "01", "1.", ",,"])
        {
            let bytes = mutator.changed(Array(mutator.pick(seeds).utf8))
            do {
                let tree = try JSONTreeReader.read(Data(bytes))
                let json = JSONTreeWriter.compact(tree)
                #expect(try JSONTreeReader.read(Data(json.utf8)) == tree, "\(mutator): \(json)")
            } catch {
                #expect((error as? ManifestError)?.diagnostic.message.isEmpty == false, "\(mutator): \(error)")
            }
        }
    }
}
