// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// A response's head out of a header block (RFC 9113 8.3.2).
enum ResponseMessage {
    static func head(_ list: FieldList) throws(RequestMessage.Malformed) -> ResponseHead {
        if let fault = list.fault { throw RequestMessage.Malformed(why: fault) }
        guard let text = list[.status], text.count == 3, let status = text.decimal, status >= 100, status != 101 else {
            throw RequestMessage.Malformed(why: ":status is missing or no status of HTTP/2")
        }
        for other in [FieldList.Pseudo.method, .scheme, .authority, .path, .protocolName] where list[other] != nil {
            throw RequestMessage.Malformed(why: "a request's pseudo-header field in a response")
        }
        let headers = list.finish()
        try FieldRules.check(headers)
        return ResponseHead(version: .http2, status: UInt16(truncatingIfNeeded: status), headers: headers)
    }
}
