// SPDX-License-Identifier: Apache-2.0

package import Observability

extension RequestFailure.Reset {
    /// Envoy's words for it.
    package var reason: String {
        switch self {
        case .connectionFailure: "remote connection failure"
        case .connectionTimeout: "connection timeout"
        case .connectionTermination: "connection termination"
        case .remoteReset: "remote reset"
        case .remoteRefusedStream: "remote refused stream reset"
        case .localReset: "local reset"
        case .protocolError: "protocol error"
        case .overflow: "overflow"
        }
    }

    /// What the transport said, if it said something.
    package var transportFailure: String? {
        guard case .connectionFailure(let text) = self, !text.isEmpty else { return nil }
        return text
    }

    package var flag: ResponseFlag {
        switch self {
        case .connectionFailure, .connectionTimeout: .upstreamConnectionFailure
        case .connectionTermination: .upstreamConnectionTermination
        case .remoteReset, .remoteRefusedStream: .upstreamRemoteReset
        case .localReset: .localReset
        case .protocolError: .upstreamProtocolError
        case .overflow: .upstreamOverflow
        }
    }
}
