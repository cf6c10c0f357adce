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

    /// What `kubectl label --local -o json` makes of the same list.
    static let plain = #"""
        [y, Y, n, N, yes, Yes, YES, no, NO, on, On, ON, oN, off, OFF, true, True, TRUE, tRUE, false, False, "yes", 'on', ~, null, Null,
         NULL, "", 0x10, 010, 0o10, 0b11, 1_000, 1:30, 1.5, 1e3, .5, 1., +1, -0, 2001-01-01, 0777, 08, "08", !!str yes, !!bool "y",
         1__0, _1, 0x_1, 190:20:30, -010, 1.2.3.4, 0x, 1-2]
        """#
    static let read = #"""
        [true,true,false,false,true,true,true,false,false,true,true,true,"oN",false,false,true,true,true,"tRUE",false,false,"yes","on",
         null,null,null,null,"",16,8,8,3,1000,"1:30",1.5,1000,0.5,1,1,0,"2001-01-01",511,8,"08","yes",true,
         10,"_1",1,"190:20:30",-8,"1.2.3.4","0x","1-2"]
        """#

    @Test func `what is not quoted is read as kubectl reads it`() throws {
        let (documents, error) = YAMLTreeReader.read(Self.plain, limits: .standard)
        #expect(error == nil)
        let wanted = try JSONTreeReader.read(Data(Self.read.utf8)).array ?? []
        let got = documents.first?.array ?? []
        #expect(got.count == wanted.count)
        for (index, (one, other)) in zip(got, wanted).enumerated() {
            #expect(one == other || (one.number != nil && one.number == other.number), "\(index): \(one) is not \(other)")
        }
    }

    @Test func `keys are read so too, and become text`() {
        let (documents, _) = YAMLTreeReader.read("{n: 1, \"y\": 2, on: 3, 010: 4}", limits: .standard)
        #expect(documents.first == ["false": 1, "y": 2, "true": 3, "8": 4])
        #expect(YAMLTreeReader.read("{on: 1, yes: 2}", limits: .standard).error?.code == .duplicateKey)
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
