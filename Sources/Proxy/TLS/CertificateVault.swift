// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import ProxyModel
package import SPIFFE
import Synchronization

/// TLS contexts by their settings, and the workload's credential that many of them name. A new credential is used by every handshake
/// that begins afterwards; connections that stand keep the old one.
package final class CertificateVault: Sendable {
    enum Purpose: Hashable {
        case server(ServerTLSContext)
        case client(TLSSettings)
    }

    private struct State {
        var credential: WorkloadCredential?
        var contexts: [Purpose: NIOSSLContext] = [:]
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

    /// Why no handshake could be made now; nil if one could.
    func obstacle(_ purpose: Purpose) -> TLSContextError? {
        do throws(TLSContextError) {
            _ = try self.context(purpose)
            return nil
        } catch {
            return error
        }
    }

    private func context(_ purpose: Purpose) throws(TLSContextError) -> NIOSSLContext {
        let result = self.state.withLock { state -> Result<NIOSSLContext, TLSContextError> in
            if let known = state.contexts[purpose] { return .success(known) }
            do throws(TLSContextError) {
                let context = try TLSContextBuilder(credential: state.credential).context(purpose)
                if state.contexts.count >= Self.maximumContexts { state.contexts = [:] }
                state.contexts[purpose] = context
                return .success(context)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
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
