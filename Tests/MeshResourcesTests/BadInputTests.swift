// SPDX-License-Identifier: Apache-2.0

import Foundation
import MeshResources
import Testing

/// Whatever a file holds, reading it ends soon, with a clear error, and without a trap.
@Suite struct BadInputTests {
    static let good = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: "reviews"
          namespace: shop
          labels: {team: a, "quoted": 'it-s'}
        spec:
          hosts: [reviews, "*.example.com"]
          http:
          - match:
            - headers: {x-a: {regex: "a|b"}}
              uri: {prefix: /api}
            retries: {attempts: 2, perTryTimeout: 1.5s}
            route:
            - destination: {host: reviews, subset: v1, port: {number: 80}}
              weight: 90
            - destination: &other
                host: reviews
                subset: v2
              weight: 10
          - route:
            - destination: *other
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        """

    private func documents(_ text: String) -> [ManifestReader.Document] { ManifestReader().read(Array(text.utf8)) }
    private func firstError(_ text: String) -> Diagnostic? { documents(text).flatMap(\.diagnostics).first(where: \.isError) }

    @Test func `the good example is good`() {
        let read = documents(Self.good)
        #expect(read.map { $0.validated != nil } == [true, true], "\(read.flatMap(\.diagnostics))")
    }

    @Test func `every truncation is read without a trap`() {
        let bytes = Array(Self.good.utf8)
        for length in 0..<bytes.count { _ = ManifestReader().read(bytes.prefix(length)) }
    }

    @Test func `every single changed byte is read without a trap`() {
        let bytes = Array(Self.good.utf8)
        let replacements: [UInt8] = [0, 9, 10, 0xff, UInt8(ascii: "{"), UInt8(ascii: "*"), UInt8(ascii: "&"), UInt8(ascii: "\"")]
        for index in bytes.indices {
            var changed = bytes
            changed[index] = replacements[index % replacements.count]
            _ = ManifestReader().read(changed)
        }
    }

    /// Both found by changed rules: proxies refuse what came of them.
    @Test func `a port of a redirect is a port, and an address that is a name is spoken of`() {
        let redirect = "http: [{redirect: {uri: /a, port: 65536}}]"
        let rule =
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: [a], \(redirect)}\n"
        #expect(firstError(rule)?.path == "spec.http[0].redirect.port")
        let entry = "apiVersion: networking.istio.io/v1\nkind: WorkloadEntry\nmetadata: {name: a}\nspec: {address: 1.2.3.256}\n"
        let read = documents(entry).flatMap(\.diagnostics)
        #expect(read.map(\.path) == ["spec.address"] && !read.contains(where: \.isError))
    }

    @Test func `an input over the limit is refused before it is parsed`() {
        let huge = [UInt8](repeating: UInt8(ascii: "a"), count: 50 << 20)
        let read = ManifestReader().read(huge)
        #expect(read.count == 1)
        #expect(read.first?.diagnostics.first?.code == .tooLarge)
        #expect(read.first?.diagnostics.first?.message.contains("52428800 bytes") == true)
    }

    @Test func `ten thousand unknown fields are fifty errors and a count`() {
        let fields = (0..<10_000).map { "  field\($0): 1" }.joined(separator: "\n")
        let read = documents("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec:\n\(fields)\n")
        let errors = read.flatMap(\.diagnostics).filter(\.isError)
        #expect((51...52).contains(errors.count))
        #expect(errors.contains { $0.message.contains("9950 more") })
        #expect(read.first?.validated == nil)
    }

    @Test(arguments: [
        String(repeating: "[", count: 100_000), String(repeating: "- ", count: 100_000), String(repeating: "{a: ", count: 900),
    ])
    func `deep nesting is refused`(text: String) {
        let code = firstError(text)?.code
        #expect(code == .syntax || code == .tooLarge)
    }

    @Test func `an alias bomb is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        #expect(firstError(text)?.code == .tooLarge)
    }

    @Test func `an alias bomb as a key is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<30 {
            text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
        }
        text += "? *a29\n: 1\n"
        #expect(firstError(text) != nil)
    }

    static let oneMistake: [(text: String, code: Diagnostic.Code, says: String)] = [
        ("kind: [", .syntax, "not YAML"),
        ("a: b: c", .syntax, "not YAML"),
        ("a:\n\tb: 1", .syntax, "not YAML"),
        ("\"unclosed", .syntax, "not YAML"),
        ("a: 1\na: 2", .duplicateField, "`a` is given twice"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, name: b}", .duplicateField, "`name` is given twice"),
        ("a: *missing", .syntax, "undefined alias"),
        ("? [a]\n: 1", .syntax, "a key must be"),
        ("just text", .wrongType, "must be an object"),
        ("- a\n- b", .wrongType, "must be an object"),
        ("apiVersion: v1", .required, "`kind` is missing"),
        ("kind: Namespace", .required, "`apiVersion` is missing"),
        ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}", .notServed, "served kinds: AuthorizationPolicy"),
        (
            "apiVersion: networking.istio.io/v2\nkind: VirtualService\nmetadata: {name: a}", .notServed,
            "networking.istio.io/v1, networking.istio.io/v1beta1, networking.istio.io/v1alpha3"
        ),
        ("apiVersion: v1\nkind: Namespace", .required, "metadata.name"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: {name: Not_A_Name}", .invalid, "is not a name"),
        ("apiVersion: v1\nkind: Namespace\nmetadata: 5", .wrongType, "must be an object, not the integer 5"),
        ("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: x}]}", .wrongType, "must be an integer"),
        ("apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{prt: 80}]}", .unknownField, "did you mean `port`?"),
    ]

    /// Each would mean "everything" if the null were dropped.
    @Test(arguments: [
        "kind: AuthorizationPolicy\nspec:\n  rules:\n  -\n",
        "kind: AuthorizationPolicy\nspec: {selector: {matchLabels: {app: }}}\n",
        "kind: AuthorizationPolicy\nspec: {rules: [{from: [{source: {principals: [~]}}]}]}\n",
        "kind: AuthorizationPolicy\nspec: {rules: [{from: [{source: }]}]}\n",
        "kind: AuthorizationPolicy\nspec: {action: DENY, rules: [~]}\n",
        "kind: PeerAuthentication\nspec: {selector: {matchLabels: {app: null}}, mtls: {mode: STRICT}}\n",
    ])
    func `a null inside a policy is refused`(text: String) {
        #expect(firstError("apiVersion: security.istio.io/v1\nmetadata: {name: a}\n" + text) != nil)
    }

    @Test func `a null field is read as absent, with a warning`() {
        let read = documents(
            "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a, creationTimestamp: null}\n"
                + "spec:\n  rules:\n  - from:\n    to:\n    - operation: {methods: [GET]}\n")
        #expect(read.first?.validated != nil)
        #expect(
            read.flatMap(\.diagnostics).map { $0.rendered(file: nil) } == [
                "6: warning: spec.rules[0].from: is empty, and so read as if it were not there"
            ])
    }

    @Test(arguments: oneMistake.indices)
    func `a mistake is named`(index: Int) throws {
        let row = Self.oneMistake[index]
        let error = try #require(firstError(row.text), "\(row.text)")
        #expect(error.code == row.code, "\(error)")
        let said = error.rendered(file: nil)
        #expect(said.contains(row.says), "\(said)")
        #expect(documents(row.text).allSatisfy { $0.validated == nil })
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let read = ManifestReader().read([0x61, 0x3a, 0x20, 0xff, 0xfe])
        #expect(read.first?.diagnostics.first?.message.contains("UTF-8") == true)
    }

    @Test func `a List is unpacked, empty documents are skipped, and a bad one does not hide the others`() {
        let text = """
            ---
            # nothing
            ---
            apiVersion: v1
            kind: List
            items:
            - {apiVersion: v1, kind: Namespace, metadata: {name: a}}
            - {apiVersion: apps/v1, kind: Deployment, metadata: {name: b}}
            ---
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "c"}}
            """
        #expect(documents(text).map(\.name) == ["Namespace/a", "Deployment/b", "Namespace/c"])
        #expect(documents(text).map { $0.validated != nil } == [true, false, true])
    }

    static let badJSON = [
        "", "{", "{\"a\":}", "[1,]", "{\"a\":1,\"a\":2}", "nul", "01", "1e999", "\"\\x\"", "{} {}", "\"\\ud800\"", "\"\u{1}\"",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
    ]

    @Test(arguments: badJSON)
    func `bad JSON is an error`(text: String) {
        #expect(throws: ManifestError.self) { try JSONTreeReader.read(Data(text.utf8)) }
    }
}
