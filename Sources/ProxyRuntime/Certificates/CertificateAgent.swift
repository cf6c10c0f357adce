// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Logging
import Observability
package import SPIFFE
import Synchronization
import XDSClient

/// Keeps the proxy's certificate fresh: the first by join token, the others at half of the old one's life, shown by the old
/// one. While renewal fails the old one stays in use.
///
/// Lifecycle: `run` until cancelled.
package final class CertificateAgent: Sendable {
    /// Time as the agent sees it; tests bring their own.
    package struct Timing: Sendable {
        package var now: @Sendable () -> Date
        package var sleep: @Sendable (Duration) async throws -> Void
        /// In 0..<1.
        package var random: @Sendable () -> Double

        package init(
            now: @escaping @Sendable () -> Date = { Date() },
            sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
            random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
        ) {
            self.now = now
            self.sleep = sleep
            self.random = random
        }
    }

    package struct Counts: Sendable, Hashable {
        package var renewals = 0
        package var failures = 0

        package init(renewals: Int = 0, failures: Int = 0) {
            self.renewals = renewals
            self.failures = failures
        }
    }

    /// At least this long between two certificates, so that one that is born old does not make a storm of requests.
    package static let minimumInterval: Duration = .seconds(1)

    private let id: SPIFFEID
    private let issuer: any CertificateIssuing
    private let store: CertificateStore
    /// Reads the join token anew each time: it is short-lived and rewritten.
    private let joinToken: @Sendable () -> String?
    private let timing: Timing
    private let logger: Logger
    private let state = Mutex(Counts())

    package init(
        id: SPIFFEID, issuer: any CertificateIssuing, store: CertificateStore, joinToken: @escaping @Sendable () -> String?,
        timing: Timing = Timing(), logger: Logger
    ) {
        self.id = id
        self.issuer = issuer
        self.store = store
        self.joinToken = joinToken
        self.timing = timing
        self.logger = logger
    }

    package var counts: Counts { self.state.withLock { $0 } }

    /// - Parameter installed: Called for each new credential, after the store has it.
    package func run(_ installed: @Sendable (WorkloadCredential) async -> Void) async throws {
        var backoff = Backoff()
        while true {
            try Task.checkCancellation()
            do {
                let credential = try await self.obtain()
                self.state.withLock { $0.renewals += 1 }
                self.store.replace(credential)
                backoff.reset()
                await installed(credential)
                let delay = RenewalSchedule.delay(
                    for: credential.svid, now: self.timing.now(), random: self.timing.random())
                try await self.timing.sleep(max(delay, Self.minimumInterval))
            } catch let error as CancellationError {
                throw error
            } catch {
                self.state.withLock { $0.failures += 1 }
                let delay = backoff.next(random: self.timing.random())
                self.logger.warning(
                    "certificate not obtained; the old one stays in use",
                    metadata: [
                        LogKey.error: "\(error)", LogKey.delaySeconds: "\(delay)",
                        LogKey.peerIdentity: "\(self.id)",
                    ])
                try await self.timing.sleep(delay)
            }
        }
    }

    /// By the current SVID while it is valid and believed, by join token otherwise.
    private func obtain() async throws -> WorkloadCredential {
        if let current = self.store.current, current.svid.notValidAfter > self.timing.now() {
            do {
                return try await self.issuer.requestCredential(for: self.id, authentication: .current(current))
            } catch let error as XDSClientError where error.code == .unauthenticated && self.joinToken() != nil {
                self.logger.info("the current certificate is not accepted; trying the join token")
            }
        }
        guard let token = self.joinToken() else { throw XDSClientError(.credential, "there is no join token") }
        return try await self.issuer.requestCredential(for: self.id, authentication: .joinToken(token))
    }
}
