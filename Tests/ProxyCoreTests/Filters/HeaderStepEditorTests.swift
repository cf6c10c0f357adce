// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct HeaderStepEditorTests {
    @Test func `steps are taken in their order`() throws {
        let editor = try HeaderStepEditor(
            HeaderSteps(response: [
                .edit(.init(name: "x-a", value: "1", mode: .append)), .remove("x-a"),
                .edit(.init(name: "x-a", value: "2", mode: .append)), .removeMatching(.prefix("x-old", ignoringCase: false)),
                .edit(.init(name: "x-none", value: "", mode: .append)),
                .edit(.init(name: "x-empty", value: "", mode: .append, keepsEmpty: true)),
            ]))
        var headers = HeaderBlock([("x-a", "0"), ("X-Old-1", "a"), ("x-older", "b"), ("x-kept", "c")])
        editor.apply(to: &headers) { _ in nil }
        #expect(headers.pairs.map { "\($0.name): \($0.value)" } == ["x-kept: c", "x-a: 2", "x-empty: "])
    }

    @Test func `of a request the host stays`() throws {
        let editor = try HeaderStepEditor(HeaderSteps(request: [.removeMatching(.regex(".*"))]))
        var head = RequestHead(method: .get, target: "/", authority: "h", headers: [("x-a", "1")])
        editor.apply(to: &head) { _ in nil }
        #expect(head.authority.string == "h")
        #expect(head.headers.first("x-a") == nil)
    }
}
