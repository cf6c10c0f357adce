// SPDX-License-Identifier: Apache-2.0
package import Observability

/// The answer that a failure gets: status, body, flag and details as Envoy gives them.
package struct LocalReply: Sendable, Hashable {
    package var status: UInt16
    package var body: String
    package var flags: ResponseFlags
    /// `%RESPONSE_CODE_DETAILS%`.
    package var details: String
    /// For gRPC callers, where HTTP's status does not say it.
    package var grpcStatus: UInt32?
    /// Fields beside `content-type` and `content-length`.
    package var headers: [Header]

    package init(status: UInt16, body: String = "", flags: ResponseFlags = [], details: String, headers: [Header] = []) {
        self.status = status
        self.body = body
        self.flags = flags
        self.details = details
        self.headers = headers
    }

    package struct Header: Sendable, Hashable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }
}
