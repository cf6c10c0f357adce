// SPDX-License-Identifier: Apache-2.0

/// Why a connection cannot go on. The peer is told by GOAWAY with the code; the detail is for our logs.
package struct HTTP2Error: Error, Sendable, Hashable {
    package let code: HTTP2ErrorCode
    package let detail: String

    package init(_ code: HTTP2ErrorCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
