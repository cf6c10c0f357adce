// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability

extension WireProtocol {
    init(_ version: HTTPVersion) {
        switch version {
        case .http10: self = .http10
        case .http11: self = .http11
        case .http2: self = .http2
        }
    }
}
