// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Testing
import XDSProtocol

@testable import ProxyRuntime

/// Changed bootstraps: nothing traps, a refusal says why and its place is found, what is taken is the same in JSON.
@Suite struct BootstrapMutationTests {
    private static let tokens = [
        "{}", "[]", "null", "~", "true", "*known", "<<: *known", "&a ", "*a", "\n", "\n  ", "- ", ": ", "'", "\"", "!!binary ",
        "|\n", "%", "%%",
        "-1s", "0s", "1e3s", "0.0000000001s", "nan", ".inf", "0x10", "(", "[a-", "\\\\", "\u{0}", "\u{FEFF}", "seconds", "name",
        "a: ", "{", "}", "[", "]",
    ]

    @Test func `the seeds are taken`() throws {
        for text in MutationBootstrap.pieces {
            let bootstrap = try BootstrapReader.read(text)
            try StaticConfigurationCheck.check(bootstrap)
        }
    }

    @Test func `a few lines of aliases do not fill the memory`() {
        let names = (0...9).map { "a\($0)" }
        let lines = zip(names, names.dropFirst()).map {
            "\($1): &\($1) [\(Array(repeating: "*\($0)", count: 10).joined(separator: ", "))]"
        }
        let error = #expect(throws: BootstrapError.self) {
            try BootstrapReader.read("a0: &a0 x\n" + lines.joined(separator: "\n"))
        }
        #expect(error?.reason == "the document holds too many values")
    }

    @Test func `bootstraps`() throws {
        for var mutator in Mutator.rounds(250, tokens: Self.tokens) {
            var text = mutator.pick(MutationBootstrap.pieces)
            if mutator.chance(1, in: 3), let json = try? DocumentTree(document: text).json { text = json }
            text = mutator.changed(text)
            let sources = [BootstrapSource(name: "b.yaml", text: text)]
            do {
                let bootstrap = try BootstrapReader.read(sources)
                try StaticConfigurationCheck.check(bootstrap)
                _ = try ResourceTable(statics: bootstrap)
                let json = try DocumentTree(document: text).json
                #expect(try BootstrapReader.read(json).message == bootstrap.message, "\(mutator)")
            } catch let error as BootstrapError {
                #expect(!error.reason.isEmpty && error.reason.utf8.count < 2000, "\(mutator): \(error)")
                #expect(BootstrapSource.place(of: error, in: sources).hasPrefix("b.yaml"), "\(mutator): \(error)")
            } catch {
                Issue.record("\(mutator): \(error)")
            }
        }
    }
}
