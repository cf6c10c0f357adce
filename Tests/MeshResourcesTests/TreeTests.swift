// SPDX-License-Identifier: Apache-2.0

import Foundation
import MeshResources
import Testing

/// Writing, reading back, and patching trees.
@Suite struct TreeTests {
    static let tree: ManifestValue = [
        "apiVersion": "networking.istio.io/v1", "kind": "VirtualService", "status": ["x": 1],
        "metadata": ["name": "a", "labels": ["empty": "", "number": "5", "yes": "yes", "app.kubernetes.io/name": "x"]],
        "spec": [
            "hosts": [
                "*", "a.b", "1.2.3.4", "multi\nline", "quote\"and\\slash", "ünïcode 🙂", "- dash", "null", "~", " space ", "a: b",
                "#c",
            ],
            "nested": [["a", "b"], [], ["k": []], [:]], "numbers": [0, -5, 9_223_372_036_854_775_807, true, false],
        ],
    ]

    @Test func `JSON is read back as it was written`() throws {
        for text in [JSONTreeWriter.compact(Self.tree), JSONTreeWriter.pretty(Self.tree)] {
            #expect(try JSONTreeReader.read(Data(text.utf8)) == Self.tree)
        }
    }

    @Test func `YAML is read back as it was written`() throws {
        let text = YAMLTreeWriter.text(Self.tree)
        let read = ManifestReader().read(text)
        #expect(read.first?.resource?.tree["spec"] == Self.tree["spec"], "\(text)")
        #expect(text.hasPrefix("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n"))
    }

    @Test func `numbers keep their kind`() throws {
        let tree = try JSONTreeReader.read(Data("[1, 1.5, -0.25, 1e2, 100000000000000000000, \"\\u00e9\\ud83d\\ude00\"]".utf8))
        #expect(tree.array?.map(\.integer) == [1, nil, nil, 100, nil, nil])
        #expect(tree.array?.map(\.number) == [1, 1.5, -0.25, 100, 100_000_000_000_000_000_000, nil])
        #expect(tree.array?.last?.string == "é😀")
    }

    /// The examples of RFC 7396, appendix A.
    static let patches: [(target: String, patch: String, result: String)] = [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
        (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
        (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
        (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
        (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
        (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"a":"foo"}"#, "null", "null"), (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
        (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#), (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
        (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
    ]

    @Test(arguments: patches.indices)
    func `a merge patch does what RFC 7396 says`(index: Int) throws {
        let row = Self.patches[index]
        func read(_ text: String) throws -> ManifestValue { try JSONTreeReader.read(Data(text.utf8)) }
        #expect(MergePatch.apply(try read(row.patch), to: try read(row.target)) == (try read(row.result)))
    }

    @Test func `a resource is stored under one version, whichever it came in`() {
        for version in ResourceKind.virtualService.servedVersions {
            let text = """
                apiVersion: networking.istio.io/\(version)
                kind: VirtualService
                metadata: {name: a}
                spec: {hosts: [a], http: [{route: [{destination: {host: a}}]}]}
                """
            let resource = ManifestReader().read(text).first?.validated
            #expect(resource?.tree.string("apiVersion") == "networking.istio.io/v1")
            #expect(resource?.metadata.namespace == "default")
        }
    }
}
