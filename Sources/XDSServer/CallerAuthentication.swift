// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import Logging
import SPIFFE
import X509

/// Finds out who calls: by the client certificate of the connection, else by a join token in the request's metadata.
struct CallerAuthentication: Sendable {
    let credentials: any ServerCredentials
    let verifier: any JoinTokenVerifier
    let now: @Sendable () -> Date
    let metrics: PushMetrics
    let logger: Logger

    func caller(context: ServerContext, metadata: Metadata) async throws(RPCError) -> SPIFFEID {
        if let identity = try await self.certificateIdentity(context) { return identity }
        guard let token = Self.bearerToken(metadata) else {
            throw self.refusal("no client certificate and no bearer token")
        }
        do {
            return try await self.verifier.verifyJoinToken(token)
        } catch {
            self.logger.warning("join token refused", metadata: ["peer": "\(context.remotePeer)", "error": "\(error)"])
            throw self.refusal("join token is not valid")
        }
    }

    private func certificateIdentity(_ context: ServerContext) async throws(RPCError) -> SPIFFEID? {
        guard let transport = context.transportSpecific as? HTTP2ServerTransport.Posix.Context else { return nil }
        do {
            if let chain = transport.peerCertificateChain {
                return try PeerIdentity(verifiedChain: chain, trustDomain: self.credentials.trustBundle.trustDomain).id
            }
            // A resumed session knows only the leaf: look at it again, with the intermediates that we issue from.
            guard let leaf = transport.peerCertificate else { return nil }
            let ours = try self.credentials.servingCertificate.chain.dropFirst()
            let verified = try await PeerIdentity.verify(
                presented: [leaf] + ours, bundle: self.credentials.trustBundle, at: self.now())
            return verified.identity.id
        } catch {
            self.logger.warning("client certificate refused", metadata: ["peer": "\(context.remotePeer)", "error": "\(error)"])
            throw self.refusal("client certificate is not valid")
        }
    }

    private func refusal(_ message: String) -> RPCError {
        self.metrics.authenticationFailed()
        return RPCError(code: .unauthenticated, message: message)
    }

    private static func bearerToken(_ metadata: Metadata) -> String? {
        for value in metadata[stringValues: "authorization"] {
            let parts = value.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer" { return String(parts[1]) }
        }
        return nil
    }
}
