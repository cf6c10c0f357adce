// SPDX-License-Identifier: Apache-2.0

/// What the peer has told us to keep to; first the values of RFC 9113 6.5.2.
struct PeerSettings {
    var initialWindow = 65_535
    var maxFrameSize = 16_384
    var concurrentStreams = Int.max
    var acceptsExtendedConnect = false
    /// The peer has lowered what its decoder keeps, and has not been told yet that we keep nothing (RFC 7541 4.2).
    var lowersTable = false

    mutating func apply(_ setting: Setting, _ value: UInt32) throws(HTTP2Error) {
        switch setting {
        case .headerTableSize: if value < 4096 { self.lowersTable = true }
        case .maxHeaderListSize: break
        case .enablePush:
            guard value <= 1 else { throw HTTP2Error(.protocolError, "SETTINGS_ENABLE_PUSH \(value)") }
        case .maxConcurrentStreams: self.concurrentStreams = Int(value)
        case .initialWindowSize:
            guard value <= 0x7FFF_FFFF else { throw HTTP2Error(.flowControlError, "SETTINGS_INITIAL_WINDOW_SIZE \(value)") }
            self.initialWindow = Int(value)
        case .maxFrameSize:
            guard (16_384...16_777_215).contains(value) else {
                throw HTTP2Error(.protocolError, "SETTINGS_MAX_FRAME_SIZE \(value)")
            }
            self.maxFrameSize = Int(value)
        case .enableConnectProtocol:
            guard value <= 1 else { throw HTTP2Error(.protocolError, "SETTINGS_ENABLE_CONNECT_PROTOCOL \(value)") }
            self.acceptsExtendedConnect = value == 1
        }
    }
}
