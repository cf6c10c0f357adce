// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// An extended CONNECT (RFC 8441) and an HTTP/1 upgrade say the same: inside the proxy it is always the upgrade.
enum HTTP2Upgrade {
    static func asHTTP1(_ head: RequestHead, protocolName: TextSlice) -> RequestHead {
        var headers = head.headers
        headers.add("connection", "upgrade")
        headers.add("upgrade", protocolName)
        return RequestHead(
            method: .get, version: head.version, form: .origin,
            authority: head.authority, pathAndQuery: head.pathAndQuery, headers: headers)
    }
}
