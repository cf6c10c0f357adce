// SPDX-License-Identifier: Apache-2.0
import ProxyRuntime
import SPIFFE
import Synchronization
import XDSClient

/// Answers by a script, and remembers how it was asked.
final class FakeIssuer: CertificateIssuing {
    enum Answer: Sendable {
        case issue
        case fail(XDSClientError.Code)
    }

    enum Question: Sendable, Hashable {
        case token(String)
        case current
    }

    private struct State {
        var answers: [Answer]
        var asked: [Question] = []
    }

    private let state: Mutex<State>
    private let make: @Sendable () throws -> WorkloadCredential

    /// - Parameter answers: The last one is repeated.
    init(_ answers: [Answer], _ make: @escaping @Sendable () throws -> WorkloadCredential) {
        self.state = Mutex(State(answers: answers))
        self.make = make
    }

    var asked: [Question] { self.state.withLock { $0.asked } }

    func requestCredential(
        for id: SPIFFEID, authentication: CertificateClient.Authentication
    ) async throws -> WorkloadCredential {
        let answer = self.state.withLock { state in
            switch authentication {
            case .joinToken(let token): state.asked.append(.token(token))
            case .current: state.asked.append(.current)
            }
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? .issue
        }
        switch answer {
        case .issue: return try self.make()
        case .fail(let code): throw XDSClientError(code, "as the test wants")
        }
    }
}
