// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// The body of one message, as slices of what arrives.
package struct BodyDecoder: Sendable {
    private enum State: Sendable {
        case length(Int)
        case chunked(ChunkedBody)
        case untilClose
        case ended
    }

    private var state: State

    package init(_ length: BodyLength, limits: HTTP1Limits = HTTP1Limits()) {
        self.state =
            switch length {
            case .none: .length(0)
            case .length(let count): .length(count)
            case .chunked: .chunked(ChunkedBody(limits: limits))
            case .untilClose: .untilClose
            }
    }

    package var isEnded: Bool {
        if case .ended = self.state { return true }
        return false
    }

    /// The next part; `.end` exactly once; nil if more bytes are needed or all has been said.
    package mutating func next(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> ChunkedBody.Event? {
        switch self.state {
        case .length(0):
            self.state = .ended
            return .end(trailers: nil)
        case .length(let remaining):
            guard let part = buffer.readSlice(length: min(remaining, buffer.readableBytes)), part.readableBytes > 0 else {
                return nil
            }
            self.state = .length(remaining - part.readableBytes)
            return .data(part)
        case .chunked(var chunked):
            let event = try chunked.next(&buffer)
            if case .end = event { self.state = .ended } else { self.state = .chunked(chunked) }
            return event
        case .untilClose:
            guard let part = buffer.readSlice(length: buffer.readableBytes), part.readableBytes > 0 else { return nil }
            return .data(part)
        case .ended:
            return nil
        }
    }

    /// The peer has finished sending: `.end` for a body that ends so, an error for one that was cut short.
    package mutating func inputClosed() throws(HTTP1Error) -> ChunkedBody.Event? {
        switch self.state {
        case .untilClose, .length(0):
            self.state = .ended
            return .end(trailers: nil)
        case .ended: return nil
        case .length, .chunked: throw HTTP1Error(.closedInMessage)
        }
    }
}
