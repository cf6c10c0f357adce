// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE
import Testing
import XDSClient

@testable import ProxyRuntime

@Suite struct CertificateAgentTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// Runs until the time is over; certificates live for an hour from when they are issued.
    static func run(
        _ answers: [FakeIssuer.Answer], sleeps: Int, random: Double = 0.5, lifetime: TimeInterval = 3600,
        token: String? = "t", had: WorkloadCredential? = nil
    ) async throws -> (time: FakeTime, issuer: FakeIssuer, store: CertificateStore, counts: CertificateAgent.Counts, log: [String])
    {
        let time = FakeTime(from: self.start, sleeps: sleeps, random: random)
        let authority = try TestAuthority(now: self.start)
        let issuer = FakeIssuer(answers) {
            try authority.credential(notBefore: time.now, notAfter: time.now + lifetime)
        }
        let store = CertificateStore()
        if let had { store.replace(had) }
        let log = RecordedLog()
        let agent = CertificateAgent(
            id: try TestAuthority.id("web"), issuer: issuer, store: store, joinToken: { token }, timing: time.timing,
            logger: log.logger)
        await #expect(throws: CancellationError.self) { try await agent.run { _ in } }
        return (time, issuer, store, agent.counts, log.lines)
    }

    @Test func `the first by join token, the others at half of the life by the one before`() async throws {
        let run = try await Self.run([.issue], sleeps: 3)
        #expect(run.issuer.asked == [.token("t"), .current, .current])
        #expect(run.time.sleeps == [.seconds(1800), .seconds(1800), .seconds(1800)])
        #expect(run.counts == CertificateAgent.Counts(renewals: 3, failures: 0))
    }

    @Test(arguments: [(0.0, 1764.0), (0.25, 1782.0), (0.999_999, 1836.0)])
    func `half of the life is spread by two per cent of it`(_ random: Double, _ seconds: Double) async throws {
        let run = try await Self.run([.issue], sleeps: 1, random: random)
        let slept = try #require(run.time.sleeps.first)
        #expect(abs(slept / .seconds(1) - seconds) < 1)
    }

    @Test func `while renewal fails the old one stays, and it is tried again ever more slowly`() async throws {
        let authority = try TestAuthority(now: Self.start)
        let old = try authority.credential(notBefore: Self.start - 1800, notAfter: Self.start + 1800)
        let run = try await Self.run([.fail(.unreachable)], sleeps: 12, had: old)
        #expect(run.store.current?.svid == old.svid)
        #expect(run.counts == CertificateAgent.Counts(renewals: 0, failures: 12))
        #expect(run.time.sleeps.prefix(3) == [.milliseconds(200), .milliseconds(320), .milliseconds(512)])
        #expect(run.time.sleeps.last == .seconds(15))
        #expect(run.log.contains { $0.contains("the old one stays in use") && $0.contains("unreachable") })
        #expect(!run.log.contains { $0.contains("PRIVATE KEY") })
    }

    @Test func `after a success the next failure begins with the short wait`() async throws {
        let run = try await Self.run(
            [.fail(.unreachable), .fail(.unreachable), .issue, .fail(.unreachable), .issue], sleeps: 5)
        let sleeps = run.time.sleeps
        #expect(sleeps.count == 5)
        for (slept, wanted) in zip(sleeps, [0.2, 0.32, 1800, 0.2, 1800]) {
            // Certificates know whole seconds only.
            #expect(abs(slept / .seconds(1) - wanted) < 1, "\(sleeps)")
        }
    }

    @Test func `one that has expired is not shown any more, the join token is`() async throws {
        let authority = try TestAuthority(now: Self.start)
        let expired = try authority.credential(notBefore: Self.start - 7200, notAfter: Self.start - 3600)
        let run = try await Self.run([.issue], sleeps: 1, had: expired)
        #expect(run.issuer.asked == [.token("t")])
        #expect(run.store.current?.svid != expired.svid)
    }

    @Test func `a certificate that is not believed any more gives way to the join token`() async throws {
        let authority = try TestAuthority(now: Self.start)
        let old = try authority.credential(notBefore: Self.start - 1800, notAfter: Self.start + 1800)
        let run = try await Self.run([.fail(.unauthenticated), .issue], sleeps: 1, had: old)
        #expect(run.issuer.asked == [.current, .token("t")])
        let without = try await Self.run([.fail(.unauthenticated)], sleeps: 2, token: nil, had: old)
        #expect(without.issuer.asked == [.current, .current])
        #expect(without.store.current?.svid == old.svid)
    }

    @Test func `without certificate and token nothing is asked, and it is said`() async throws {
        let run = try await Self.run([.issue], sleeps: 2, token: nil)
        #expect(run.issuer.asked.isEmpty && run.counts.failures == 2)
        #expect(run.log.contains { $0.contains("there is no join token") })
    }

    /// A certificate that is past half of its life when it arrives was asked for again without any wait.
    @Test func `a certificate that is born old makes no storm of requests`() async throws {
        let run = try await Self.run([.issue], sleeps: 3, lifetime: 0.5)
        #expect(run.time.sleeps == [.seconds(1), .seconds(1), .seconds(1)])
    }
}
