// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct GRPCContentTypeTests {
    @Test(arguments: [
        ("application/grpc", true), ("application/grpc+proto", true), ("application/grpc;v=1", true),
        ("application/grpc-web", false),
        ("application/grp", false), ("application/json", false), ("", false),
    ])
    func `gRPC is known by its content type`(_ type: String, _ expected: Bool) throws {
        #expect(GRPCContentType.isGRPC(HeaderBlock([("content-type", type)])) == expected)
        let program = try MatchProgram(firstOf: [MatchExpression(RouteMatch(path: .prefix("/"), requiresGRPC: true))])
        let head = RequestHead(authority: "a", headers: [("content-type", type)])
        #expect(program.matches(head, isSecure: false) == expected)
    }

    @Test func `without a content type it is not gRPC`() { #expect(!GRPCContentType.isGRPC(HeaderBlock())) }
}
