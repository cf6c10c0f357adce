// SPDX-License-Identifier: Apache-2.0
package import SwiftProtobuf

/// One xDS resource, ready to be sent.
package struct GeneratedResource: Sendable, Hashable {
    package let name: String
    package let body: Google_Protobuf_Any
    /// Hash of the bytes.
    package let version: String

    package var typeURL: String { body.typeURL }

    package init(name: String, message: some Message) {
        let body = WireBytes.packed(message)
        self.name = name
        self.body = body
        self.version = WireBytes.version(of: body.value)
    }
}
