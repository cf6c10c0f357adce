// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SPIFFE
import SwiftProtobuf
import Synchronization
import XDSProtocol

/// The two secrets of a sidecar: its own certificate with key, and the roots it believes. Named as Istio names them.
final class SecretSource: ResourceSource {
    private let state: Mutex<ProxyResources>

    init(_ credential: WorkloadCredential) throws {
        self.state = Mutex(try Self.resources(credential))
    }

    func update(_ credential: WorkloadCredential) throws {
        let resources = try Self.resources(credential)
        self.state.withLock { $0 = resources }
    }

    func resources(for proxy: ConnectedProxy) async -> ProxyResources { self.current }

    var current: ProxyResources { self.state.withLock { $0 } }

    private static func resources(_ credential: WorkloadCredential) throws -> ProxyResources {
        var own = Envoy_Extensions_TransportSockets_Tls_V3_Secret()
        own.name = "default"
        own.tlsCertificate.certificateChain.inlineString = try CertificatePEM.text(credential.svid.chain)
        own.tlsCertificate.privateKey.inlineString = credential.key.pemText
        var roots = Envoy_Extensions_TransportSockets_Tls_V3_Secret()
        roots.name = "ROOTCA"
        roots.validationContext.trustedCa.inlineString = try credential.bundle.pemText()
        let resources = try [own, roots].map { XDSResource(name: $0.name, payload: try $0.serializedBytes()) }
        let set = ResourceSet(resources)
        return ProxyResources(generation: ResourceVersion.of(set), byType: [ResourceType.secret: set])
    }
}
