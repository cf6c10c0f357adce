// SPDX-License-Identifier: Apache-2.0

/// An answer of the admin port.
package struct AdminResponse: Sendable, Hashable {
    package var status: Int
    package var contentType: String
    package var body: String

    package init(status: Int = 200, contentType: String = "text/plain; charset=UTF-8", body: String) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func json(_ body: String) -> AdminResponse { AdminResponse(contentType: "application/json", body: body) }
    package static let ok = AdminResponse(body: "OK\n")
}
