// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import ProxyModel
package import SPIFFE
import Synchronization

/// TLS contexts by their settings, and what many of them name: the workload's credential, delivered secrets, files. What is new is
/// used by every handshake that begins afterwards; connections that stand keep the old.
package final class CertificateVault: Sendable {
    enum Purpose: Hashable {
        case server(ServerTLSContext)
        case client(TLSSettings)
    }

    private struct State {
        var credential: WorkloadCredential?
        var secrets: [String: TLSSecret] = [:]
        var contexts: [Purpose: NIOSSLContext] = [:]
    }

    /// What a snapshot needs, made before it runs.
    struct Preparation {
        fileprivate var secrets: [String: TLSSecret]
        fileprivate var contexts: [Purpose: NIOSSLContext] = [:]
        /// Without the protocols, which a user of a context may add.
        fileprivate var used: Set<TLSSettings> = []
    }

    /// More settings than a configuration has: what is left of configurations long gone is thrown away then.
    private static let maximumContexts = 4096

    private let state = Mutex(State())

    package init() {}

    package var current: WorkloadCredential? { self.state.withLock { $0.credential } }

    /// Also ends what rests on the old credential but its connections: session tickets of its contexts resume nothing.
    package func update(_ credential: WorkloadCredential) {
        self.state.withLock { state in
            state.credential = credential
            state.contexts = state.contexts.filter { !$0.key.settings.namesSecrets }
        }
    }

    func serverContext(_ tls: ServerTLSContext) throws(TLSContextError) -> NIOSSLContext { try self.context(.server(tls)) }

    func clientContext(_ tls: ClientTLSContext) throws(TLSContextError) -> NIOSSLContext { try self.context(.client(tls.common)) }

    private func context(_ purpose: Purpose) throws(TLSContextError) -> NIOSSLContext {
        let result = self.state.withLock { state -> Result<NIOSSLContext, TLSContextError> in
            if let known = state.contexts[purpose] { return .success(known) }
            let made = Self.made(purpose, state, state.secrets)
            if case .success(let context) = made {
                if state.contexts.count >= Self.maximumContexts { state.contexts = [:] }
                state.contexts[purpose] = context
            }
            return made
        }
        return try result.get()
    }

    private static func made(
        _ purpose: Purpose, _ state: State, _ secrets: [String: TLSSecret]
    ) -> Result<NIOSSLContext, TLSContextError> {
        do throws(TLSContextError) {
            return .success(try TLSContextBuilder(credential: state.credential, secrets: secrets).context(purpose))
        } catch {
            return .failure(error)
        }
    }

    // MARK: Snapshots

    func preparation(_ snapshot: ProxySnapshot) -> Preparation { Preparation(secrets: snapshot.secrets) }

    /// Why no handshake could be made now; nil if one could.
    func obstacle(_ purpose: Purpose, _ preparation: inout Preparation) -> TLSContextError? {
        preparation.used.insert(purpose.settings.withoutProtocols)
        let secrets = preparation.secrets
        let made = self.state.withLock { state -> Result<NIOSSLContext, TLSContextError> in
            let isCurrent = purpose.settings.secretNames.allSatisfy { state.secrets[$0] == secrets[$0] }
            if isCurrent, let known = state.contexts[purpose] { return .success(known) }
            return Self.made(purpose, state, secrets)
        }
        switch made {
        case .success(let context):
            preparation.contexts[purpose] = context
            return nil
        case .failure(let error):
            return error
        }
    }

    /// From now on; the secrets of before are returned.
    @discardableResult func commit(_ preparation: Preparation) -> Preparation {
        self.state.withLock { state in
            let before = Preparation(secrets: state.secrets)
            let secrets = preparation.secrets
            let changed = Set(state.secrets.keys).union(secrets.keys).filter { state.secrets[$0] != secrets[$0] }
            state.secrets = secrets
            state.contexts = state.contexts.filter { purpose, _ in
                purpose.settings.secretNames.isDisjoint(with: changed)
                    && (preparation.used.isEmpty || preparation.used.contains(purpose.settings.withoutProtocols))
            }.merging(preparation.contexts) { $1 }
            return before
        }
    }

    /// Of contexts that have been made, each with the secrets there are.
    var settingsInUse: [(TLSSettings, [String: TLSSecret])] {
        self.state.withLock { state in state.contexts.keys.map { ($0.settings.withoutProtocols, state.secrets) } }
    }

    // MARK: Files

    /// Every file that a context in use was made from.
    package var files: Set<String> {
        self.state.withLock { state in
            state.contexts.keys.reduce(into: []) { $0.formUnion($1.settings.files(state.secrets)) }
        }
    }

    /// Makes the contexts of these files anew. One that cannot be made stays as it was: the result says why, sorted.
    package func reload(_ changed: Set<String>) -> [String] {
        self.state.withLock { state in
            var failures: Set<String> = []
            for purpose in Array(state.contexts.keys) where !purpose.settings.files(state.secrets).isDisjoint(with: changed) {
                switch Self.made(purpose, state, state.secrets) {
                case .success(let context): state.contexts[purpose] = context
                case .failure(let error): failures.insert("\(error)")
                }
            }
            return failures.sorted()
        }
    }
}

extension CertificateVault.Purpose {
    var settings: TLSSettings {
        switch self {
        case .server(let tls): tls.common
        case .client(let settings): settings
        }
    }
}
