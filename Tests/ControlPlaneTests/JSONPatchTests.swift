// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import Testing

@testable import APIServer

/// RFC 6902; most cases are those of its appendix A.
@Suite struct JSONPatchTests {
    @Test(arguments: [
        ("a member", #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#, #"{"baz":"qux","foo":"bar"}"#),
        (
            "an element", #"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
            #"{"foo":["bar","qux","baz"]}"#
        ),
        ("at the end", #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["a"]}]"#, #"{"foo":["bar",["a"]]}"#),
        ("remove a member", #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#, #"{"foo":"bar"}"#),
        ("remove an element", #"{"foo":["a","b","c"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#, #"{"foo":["a","c"]}"#),
        ("replace", #"{"baz":"qux"}"#, #"[{"op":"replace","path":"/baz","value":"boo"}]"#, #"{"baz":"boo"}"#),
        (
            "move a member", #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{}}"#,
            #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#, #"{"foo":{"bar":"baz"},"qux":{"thud":"fred"}}"#
        ),
        (
            "move an element", #"{"foo":["a","b","c"]}"#, #"[{"op":"move","from":"/foo/0","path":"/foo/2"}]"#,
            #"{"foo":["b","c","a"]}"#
        ),
        ("copy", #"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
        ("test", #"{"a":[1,2]}"#, #"[{"op":"test","path":"/a","value":[1,2]},{"op":"remove","path":"/a/0"}]"#, #"{"a":[2]}"#),
        ("escapes", #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10},{"op":"remove","path":"/~1"}]"#, #"{"~1":10}"#),
        ("the whole", #"{"a":1}"#, #"[{"op":"replace","path":"","value":{"b":2}}]"#, #"{"b":2}"#),
    ])
    func `edits`(_ name: String, _ document: String, _ patch: String, _ expected: String) throws {
        #expect(try JSONPatch(read(patch)).apply(to: read(document)) == read(expected), "\(name)")
    }

    @Test(arguments: [
        #"[{"op":"remove","path":"/nope"}]"#, #"[{"op":"replace","path":"/nope","value":1}]"#,
        #"[{"op":"add","path":"/nope/b","value":1}]"#, #"[{"op":"add","path":"/list/5","value":1}]"#,
        #"[{"op":"add","path":"/list/01","value":1}]"#, #"[{"op":"add","path":"/list/-1","value":1}]"#,
        #"[{"op":"remove","path":"/list/-"}]"#, #"[{"op":"test","path":"/a","value":2}]"#,
        #"[{"op":"test","path":"/b","value":null}]"#,
        #"[{"op":"move","from":"/o","path":"/o/inner"}]"#, #"[{"op":"add","path":"/a/b","value":1}]"#,
        #"[{"op":"remove","path":""}]"#,
        #"[{"op":"add","path":"/list/99999999999999999999","value":1}]"#,
    ])
    func `what does not fit is refused as a whole`(_ patch: String) throws {
        let document = try read(#"{"a":1,"list":[1],"o":{"x":1}}"#)
        #expect(throws: APIFailure.self) { try JSONPatch(read(patch)).apply(to: document) }
    }

    @Test(arguments: [
        "{}", #"[{"path":"/a"}]"#, #"[{"op":"grow","path":"/a"}]"#, #"[{"op":"add","path":"/a"}]"#, #"[{"op":"remove"}]"#,
        #"[{"op":"remove","path":"a"}]"#, #"[{"op":"copy","path":"/a"}]"#, "[1]",
    ])
    func `what is no patch is a bad request`(_ patch: String) throws {
        let failure = #expect(throws: APIFailure.self) { try JSONPatch(read(patch)) }
        #expect(failure?.code == 400)
    }

    private func read(_ text: String) throws -> ManifestValue { try JSONTreeReader.read(Data(text.utf8)) }
}
