// SPDX-License-Identifier: Apache-2.0

/// Everything before a response's body.
package struct ResponseHead: Sendable {
    package let version: HTTPVersion
    /// 100…999.
    package var status: UInt16
    package var headers: HeaderBlock

    package init(version: HTTPVersion = .http11, status: UInt16, headers: HeaderBlock) {
        self.version = version
        self.status = status
        self.headers = headers
    }

    package init(version: HTTPVersion = .http11, status: UInt16, headers: [(String, String)] = []) {
        self.init(version: version, status: status, headers: HeaderBlock(headers))
    }

    /// 1xx other than 101, which ends HTTP on the connection.
    package var isInterim: Bool { self.status >= 100 && self.status < 200 && self.status != 101 }
}
