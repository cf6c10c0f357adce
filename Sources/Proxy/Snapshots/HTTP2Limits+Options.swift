// SPDX-License-Identifier: Apache-2.0
import HTTP2
import ProxyModel

extension HTTP2Limits {
    /// What the configuration says of them, and our own numbers for the rest.
    init(_ options: HTTP2Options) {
        self.init()
        if let streams = options.concurrentStreams { self.concurrentStreams = streams }
        if let window = options.streamWindow { self.streamWindow = window }
        if let window = options.connectionWindow { self.connectionWindow = window }
        self.acceptsExtendedConnect = options.acceptsConnect
    }
}
