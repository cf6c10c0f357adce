// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct CrossOriginCheckTests {
    private static let full = CrossOriginPolicy(
        allowedOrigins: [.exact("https://a", ignoringCase: false), .regex("https://[a-z]+[.]b")], allowedMethods: "GET,POST",
        allowedHeaders: "x-a", exposedHeaders: "x-e", maxAge: "60", allowsCredentials: true)

    private static func decide(
        _ levels: [CrossOriginPolicy], method: String = "GET", _ headers: [(String, String)], random: UInt64 = 0
    ) throws -> CrossOriginDecision {
        let head = RequestHead(method: HTTPMethod(method), target: "/", authority: "h", headers: headers)
        return try CrossOriginCheck(levels).decide(head) { random }
    }

    @Test func `an origin is allowed by any of the patterns`() throws {
        #expect(try Self.decide([Self.full], []) == .pass)
        #expect(try Self.decide([Self.full], [("origin", "")]) == .pass)
        #expect(try Self.decide([Self.full], [("origin", "https://a")]) == .allow(origin: "https://a"))
        #expect(try Self.decide([Self.full], [("origin", "https://x.b")]) == .allow(origin: "https://x.b"))
        #expect(try Self.decide([Self.full], [("origin", "https://x.c")]) == .refuse)
        let all = CrossOriginPolicy(allowedOrigins: [.exact("*", ignoringCase: false)])
        #expect(try Self.decide([all], [("origin", "null")]) == .allow(origin: "null"))
        #expect(try Self.decide([CrossOriginPolicy()], [("origin", "https://a")]) == .refuse)
    }

    @Test func `a preflight is answered`() throws {
        let asked = [("origin", "https://a"), ("access-control-request-method", "PUT")]
        guard case .answer(let headers, _) = try Self.decide([Self.full], method: "OPTIONS", asked) else {
            Issue.record("not answered")
            return
        }
        #expect(
            headers.map { "\($0.name): \($0.value)" } == [
                "access-control-allow-origin: https://a", "access-control-allow-credentials: true",
                "access-control-allow-methods: GET,POST", "access-control-allow-headers: x-a", "access-control-max-age: 60",
                "access-control-expose-headers: x-e",
            ])
        #expect(try Self.decide([Self.full], method: "OPTIONS", [("origin", "https://a")]) == .allow(origin: "https://a"))
    }

    @Test func `stars repeat what was asked for`() throws {
        let policy = CrossOriginPolicy(
            allowedOrigins: [.exact("*", ignoringCase: false)], allowedMethods: "*", allowedHeaders: "*",
            allowsPrivateNetwork: true)
        let asked = [
            ("origin", "o"), ("access-control-request-method", "PUT"), ("access-control-request-headers", "x-1, x-2"),
            ("access-control-request-private-network", "true"),
        ]
        guard case .answer(let headers, _) = try Self.decide([policy], method: "OPTIONS", asked) else {
            Issue.record("not answered")
            return
        }
        #expect(
            headers.map { "\($0.name): \($0.value)" } == [
                "access-control-allow-origin: o", "access-control-allow-methods: PUT", "access-control-allow-headers: x-1, x-2",
                "access-control-allow-private-network: true",
            ])
    }

    @Test func `a preflight of a stranger goes on, or is answered without consent`() throws {
        let asked = [("origin", "https://evil"), ("access-control-request-method", "PUT")]
        #expect(try Self.decide([Self.full], method: "OPTIONS", asked) == .refuse)
        var strict = Self.full
        strict.forwardsOtherPreflights = false
        guard case .answer(let headers, _) = try Self.decide([strict], method: "OPTIONS", asked) else {
            Issue.record("not answered")
            return
        }
        #expect(!headers.contains { $0.name == "access-control-allow-origin" || $0.name == "access-control-expose-headers" })
        #expect(headers.contains { $0.name == "access-control-allow-methods" })
    }

    @Test func `levels above say what the route does not`() throws {
        let route = CrossOriginPolicy(exposedHeaders: "x-route")
        let check = try CrossOriginCheck([route, Self.full])
        let head = RequestHead(method: .get, target: "/", authority: "h", headers: [("origin", "https://a")])
        #expect(check.decide(head) { 0 } == .allow(origin: "https://a"))
        var headers = HeaderBlock([("access-control-allow-origin", "*")])
        check.apply(to: &headers, origin: "https://a")
        #expect(
            headers.pairs.map { "\($0.name): \($0.value)" } == [
                "access-control-allow-origin: https://a", "access-control-allow-credentials: true",
                "access-control-expose-headers: x-route",
            ])
    }

    @Test func `shares decide who is checked and who is only watched`() throws {
        var policy = Self.full
        policy.enabled = Fraction(numerator: 50, denominator: 100)
        policy.shadow = .all
        let asked = [("origin", "https://evil")]
        #expect(try Self.decide([policy], asked, random: 49) == .refuse)
        #expect(try Self.decide([policy], asked, random: 50) == .watched(isAllowed: false))
        policy.shadow = .none
        #expect(try Self.decide([policy], asked, random: 50) == .pass)
    }
}
