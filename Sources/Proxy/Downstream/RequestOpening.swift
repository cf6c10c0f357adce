// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// What is decided on a request's head before the request has it.
///
/// On a local value: whoever asks the property of an object gets a copy, and a head has several references to count.
struct RequestOpening {
    let method: HTTPMethod
    let version: HTTPVersion
    let isGRPC: Bool
    let metadata: TextSlice?
    let upgrade: String?
    /// Ready for filters.
    let head: RequestHead
    let route: CompiledRoute?
    let plan: TimeoutPlan?
    /// Why it goes no further.
    let refusal: RequestFailure?

    init(_ received: consuming RequestHead, connection: DownstreamConnection, chain: CompiledChain) {
        var head = received
        let manager = chain.manager
        let worker = connection.worker
        self.method = head.method
        self.version = head.version
        self.isGRPC = GRPCContentType.isGRPC(head.headers)
        self.metadata = connection.isMutualTLS ? head.headers.first(.peerMetadata) : nil
        let isConnect = head.method.isConnect
        self.upgrade = isConnect ? nil : HopByHop.tunnelProtocol(head.headers)?.string
        RequestPreparation.prepare(&head, connection: connection, manager: manager)
        self.refusal = Self.refusal(&head, manager)
        var route: CompiledRoute?
        var plan: TimeoutPlan?
        if self.refusal == nil {
            let decision = worker.router(of: chain)?
                .route(head, isSecure: connection.isTLS, random: worker.random.next())
            if case .route(let found)? = decision { route = found }
            if let forward = route?.forward {
                plan = TimeoutPlan(
                    forward.times, head: head, streamIdle: manager.streamIdle, maxDuration: manager.maxDuration)
            }
        }
        self.route = route
        self.plan = plan
        self.head = head
    }

    private static func refusal(_ head: inout RequestHead, _ manager: CompiledManager) -> RequestFailure? {
        // Every HTTP/1.1 upstream insists on one, and could fill it in as it likes.
        guard head.headers.contains(.host) else { return .missingHost }
        guard manager.settings.normalizesPath, !head.method.isConnect else { return nil }
        switch PathNormalization.normalize(head, mergesSlashes: manager.settings.mergesSlashes) {
        case .unchanged: return nil
        case .changed(let path):
            head.setPathAndQuery(path)
            return nil
        case .refused: return .invalidPath
        }
    }
}
