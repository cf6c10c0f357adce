// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability

/// Heads as access logs ask for them.
struct RequestLookup: HeaderLookup {
    let head: RequestHead
    let isSecure: Bool

    func headerValue(_ name: String) -> String? {
        switch name {
        case ":method": self.head.method.name
        case ":path": self.head.pathAndQuery.string
        case ":authority": self.head.authority.string
        case ":scheme": self.isSecure ? "https" : "http"
        default: self.head.headers.combined(HeaderName(name))?.string
        }
    }
}

struct ResponseLookup: HeaderLookup {
    let head: ResponseHead?

    func headerValue(_ name: String) -> String? { self.head?.headers.combined(HeaderName(name))?.string }
}
