// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct RuleEvaluatorTests {
    private typealias Policy = AuthorizationRules.Policy

    private let gateway = PeerFacts(
        uriNames: ["spiffe://cluster.local/ns/default/sa/gateway"], hasCertificate: true, destinationPort: 8080)
    private let stranger = PeerFacts(
        uriNames: ["spiffe://cluster.local/ns/default/sa/other"], hasCertificate: true, destinationPort: 8080)
    private let plaintext = PeerFacts(directAddress: [127, 0, 0, 9], destinationPort: 8080)
    private let head = RequestHead(target: "/admin?x=1", authority: "auth")

    private func fromGateway(_ permissions: [AuthorizationRules.Permission] = [.any]) -> Policy {
        Policy(
            name: "ns[default]-policy[allow-gateway]-rule[0]", permissions: permissions,
            principals: [.authenticated(.exact("spiffe://cluster.local/ns/default/sa/gateway", ignoringCase: false))])
    }

    @Test func `allow lets through whom it names and nobody else`() throws {
        let rules = try RuleEvaluator(AuthorizationRules(action: .allow, policies: [fromGateway()]))
        #expect(rules.decide(head, peer: gateway, isSecure: true) == .allowed(policy: "ns[default]-policy[allow-gateway]-rule[0]"))
        #expect(rules.decide(head, peer: stranger, isSecure: true) == .denied(policy: nil))
        #expect(rules.decide(head, peer: plaintext, isSecure: false).denialDetail == "rbac_access_denied_matched_policy[none]")
    }

    @Test func `an allow without policies lets nobody through`() throws {
        let rules = try RuleEvaluator(AuthorizationRules(action: .allow, policies: []))
        #expect(rules.decide(head, peer: gateway, isSecure: true) == .denied(policy: nil))
    }

    @Test func `deny refuses whom it names and nobody else`() throws {
        let rules = try RuleEvaluator(AuthorizationRules(action: .deny, policies: [fromGateway()]))
        #expect(
            rules.decide(head, peer: gateway, isSecure: true).denialDetail
                == "rbac_access_denied_matched_policy[ns[default]-policy[allow-gateway]-rule[0]]")
        #expect(rules.decide(head, peer: stranger, isSecure: true) == .allowed(policy: nil))
    }

    @Test(arguments: [
        (AuthorizationRules.Permission.path(.exact("/admin", ignoringCase: false)), true),
        (.path(.prefix("/admin?", ignoringCase: false)), false),
        (.destinationPort(8080), true), (.destinationPortRange(8000, 8080), false), (.not(.destinationPort(1)), true),
        (.all([.any, .destinationPort(1)]), false),
        (.oneOf([.destinationPort(1), .any]), true),
        (.header(HeaderMatch(name: ":method", condition: .text(.exact("GET", ignoringCase: false)))), true),
        (.metadata(inverts: false), false), (.metadata(inverts: true), true),
        (.serverName(.exact("x", ignoringCase: false)), false),
    ])
    func `a permission holds or not`(permission: AuthorizationRules.Permission, expected: Bool) throws {
        let rules = try RuleEvaluator(AuthorizationRules(action: .allow, policies: [fromGateway([permission])]))
        #expect((rules.decide(head, peer: gateway, isSecure: true).denialDetail == nil) == expected)
    }

    @Test func `conditions on requests never hold for connections`() throws {
        let rules = try RuleEvaluator(
            AuthorizationRules(action: .deny, policies: [fromGateway([.path(.prefix("/", ignoringCase: false))])]))
        #expect(rules.decide(nil, peer: gateway, isSecure: true) == .allowed(policy: nil))
    }

    @Test func `a certificate's URI names come before its DNS names`() throws {
        let rules = try RuleEvaluator(
            AuthorizationRules(
                action: .allow,
                policies: [Policy(name: "p", permissions: [.any], principals: [.authenticated(.exact("dns", ignoringCase: false))])]
            ))
        #expect(
            rules.decide(nil, peer: PeerFacts(dnsNames: ["dns"], hasCertificate: true), isSecure: true) == .allowed(policy: "p"))
        #expect(
            rules.decide(nil, peer: PeerFacts(uriNames: ["u"], dnsNames: ["dns"], hasCertificate: true), isSecure: true)
                == .denied(policy: nil))
        #expect(
            rules.decide(nil, peer: PeerFacts(dnsNames: ["dns"], hasCertificate: false), isSecure: true) == .denied(policy: nil))
    }
}
