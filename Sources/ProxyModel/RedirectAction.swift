// SPDX-License-Identifier: Apache-2.0

/// Answers with a `location`.
package struct RedirectAction: Sendable, Hashable {
    package enum Path: Sendable, Hashable {
        case full(String)
        case prefix(String)
        case regex(pattern: String, substitution: String)
    }

    package enum Scheme: Sendable, Hashable {
        case https
        case named(String)
    }

    package var status: UInt16
    package var host: String?
    package var port: Int?
    package var scheme: Scheme?
    package var path: Path?
    package var stripsQuery: Bool

    package init(
        status: UInt16 = 301, host: String? = nil, port: Int? = nil, scheme: Scheme? = nil, path: Path? = nil,
        stripsQuery: Bool = false
    ) {
        self.status = status
        self.host = host
        self.port = port
        self.scheme = scheme
        self.path = path
        self.stripsQuery = stripsQuery
    }
}

/// Answers with a fixed response.
package struct DirectResponse: Sendable, Hashable {
    package var status: UInt16
    package var body: [UInt8]

    package init(status: UInt16, body: [UInt8] = []) {
        self.status = status
        self.body = body
    }
}
