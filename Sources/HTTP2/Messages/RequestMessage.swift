// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// A request's head out of a header block (RFC 9113 8.3.1), or why it is none. Whatever an HTTP/1 server could read differently is
/// refused here, before it can be written as lines.
enum RequestMessage {
    struct Malformed: Error { var why: String }

    static func head(_ list: FieldList) throws(Malformed) -> (head: RequestHead, protocolName: TextSlice?) {
        if let fault = list.fault { throw Malformed(why: fault) }
        guard let name = list[.method], let method = Self.method(name) else {
            throw Malformed(why: ":method is missing or no method")
        }
        guard list[.status] == nil else { throw Malformed(why: ":status in a request") }
        var headers = list.finish()
        try FieldRules.check(headers)
        let authority = try Self.authority(list, headers)
        let extended = list[.protocolName]
        if extended != nil, method != .connect { throw Malformed(why: ":protocol without CONNECT") }
        if method == .connect, extended == nil {
            guard list[.scheme] == nil, list[.path] == nil, let authority, !authority.isEmpty else {
                throw Malformed(why: "CONNECT with :scheme or :path, or without :authority")
            }
            FieldRules.setHost(&headers, authority)
            return (
                RequestHead(
                    method: .connect, version: .http2, form: .authority,
                    authority: authority, pathAndQuery: .empty, headers: headers), nil
            )
        }
        guard let scheme = list[.scheme], Self.isHTTP(scheme) || extended != nil else {
            throw Malformed(why: ":scheme is missing or neither http nor https")
        }
        guard let path = list[.path], Self.isPath(path, method: method) else { throw Malformed(why: ":path is missing or no path") }
        FieldRules.setHost(&headers, authority ?? .empty)
        FieldRules.joinCookies(&headers)
        let head = RequestHead(
            method: method, version: .http2, form: path == "*" ? .asterisk : .origin,
            authority: authority ?? .empty, pathAndQuery: path, headers: headers)
        return (head, extended)
    }

    /// RFC 9110 4.2.3: in any letters.
    private static func isHTTP(_ scheme: TextSlice) -> Bool {
        scheme == "http" || scheme == "https" || scheme.equalsIgnoringCase("http") || scheme.equalsIgnoringCase("https")
    }

    private static func method(_ name: TextSlice) -> HTTPMethod? {
        if name == "GET" { return .get }
        if name == "POST" { return .post }
        let isName = name.withBytes { bytes in
            !bytes.isEmpty && bytes.count <= 32 && bytes.allSatisfy { ASCII.isToken($0) && !($0 >= 0x61 && $0 <= 0x7A) }
        }
        return isName ? HTTPMethod(name.string) : nil
    }

    /// `:authority`, else `host`; both only if they agree.
    private static func authority(_ list: FieldList, _ headers: HeaderBlock) throws(Malformed) -> TextSlice? {
        let host = headers.first(.host)
        if headers.count(of: HeaderName(.host)) > 1 { throw Malformed(why: "host stands twice") }
        // RFC 9113 8.3.1: neither may be empty. `:authority` gets an answer that says so.
        if let host, host.isEmpty { throw Malformed(why: "host is empty") }
        if let host, let authority = list[.authority], !host.equalsIgnoringCase(authority.string) {
            throw Malformed(why: "host differs from :authority")
        }
        guard let authority = list[.authority] ?? host else { return nil }
        guard RequestHead.isAuthority(authority) else { throw Malformed(why: ":authority is no host") }
        return authority
    }

    private static func isPath(_ path: TextSlice, method: HTTPMethod) -> Bool {
        if path == "*" { return method == .options }
        return path.hasPrefix("/") && path.withBytes { bytes in bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 } }
    }
}
