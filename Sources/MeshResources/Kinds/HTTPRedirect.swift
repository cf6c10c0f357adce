// SPDX-License-Identifier: Apache-2.0

/// Answers with a redirect instead of forwarding.
package struct HTTPRedirect: Sendable, Hashable {
    package enum Port: Sendable, Hashable {
        case number(Int)
        case fromProtocolDefault
        case fromRequestPort
    }

    package var uri: String?
    /// In place of the prefix that the route matched; not together with `uri`.
    package var prefixRewrite: String?
    package var authority: String?
    package var scheme: String?
    package var port: Port?
    /// 301 unless set.
    package var redirectCode: Int

    package init(_ tree: ManifestValue) {
        uri = tree.string("uri")
        prefixRewrite = tree.string("prefixRewrite")
        authority = tree.string("authority")
        scheme = tree.string("scheme")
        redirectCode = tree.int("redirectCode") ?? 301
        port =
            switch (tree.int("port"), tree.string("derivePort")) {
            case (let number?, _): .number(number)
            case (nil, "FROM_PROTOCOL_DEFAULT"): .fromProtocolDefault
            case (nil, "FROM_REQUEST_PORT"): .fromRequestPort
            default: nil
            }
    }
}

/// Answers with a fixed response instead of forwarding.
package struct HTTPDirectResponse: Sendable, Hashable {
    package enum Body: Sendable, Hashable {
        case string(String)
        /// Base64.
        case bytes(String)
    }

    package var status: Int
    package var body: Body?

    package init(_ tree: ManifestValue) {
        status = tree.int("status") ?? 0
        if let text = tree["body"]?.string("string") {
            body = .string(text)
        } else if let bytes = tree["body"]?.string("bytes") {
            body = .bytes(bytes)
        } else {
            body = nil
        }
    }
}
