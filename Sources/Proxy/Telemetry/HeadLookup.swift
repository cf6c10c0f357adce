// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// A request's head as `%REQ(…)%` in header edits asks for it.
struct RequestLookup {
    let head: RequestHead
    let isSecure: Bool

    func headerValue(_ name: String) -> String? {
        switch name {
        case ":method": self.head.method.name
        case ":path": self.head.pathAndQuery.string
        case ":authority": self.head.authority.string
        case ":scheme": self.isSecure ? "https" : "http"
        // As Envoy: the first of several values.
        default: self.head.headers.first(HeaderName(name))?.string
        }
    }
}
