// SPDX-License-Identifier: Apache-2.0
package import XDSProtocol

/// One response: what is new or changed, and what is gone, of one type. Order of names means nothing.
package struct ResourceUpdate: Sendable, Hashable {
    package var type: ResourceType
    package var upserted: [XDSResource]
    package var removed: [String]
    /// The control plane's name for its state; for people.
    package var systemVersion: String

    package init(type: ResourceType, upserted: [XDSResource], removed: [String], systemVersion: String = "") {
        self.type = type
        self.upserted = upserted
        self.removed = removed
        self.systemVersion = systemVersion
    }

    package var typeURL: String { self.type.typeURL }
}

package enum UpdateVerdict: Sendable, Hashable {
    case accepted
    /// The client goes on with what it had; the message is for the operator.
    case rejected(String)
}

/// What a client does with its updates. A client calls one at a time, in the order of arrival; several clients may share a handler.
package protocol ResourceUpdateHandler: Sendable {
    func streamOpened() async
    /// - Parameter wasOpen: Whether `streamOpened` was called before.
    func streamClosed(_ reason: String, wasOpen: Bool) async
    /// The verdict is the answer: ACK or NACK.
    func apply(_ update: ResourceUpdate) async -> UpdateVerdict
}

extension ResourceUpdateHandler {
    package func streamOpened() async {}
    package func streamClosed(_ reason: String, wasOpen: Bool) async {}
}
