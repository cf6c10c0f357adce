// SPDX-License-Identifier: Apache-2.0
import NIOSSL

extension TLSVersion {
    /// As Envoy's logs name it.
    var text: String {
        switch self {
        case .tlsv1: "TLSv1"
        case .tlsv11: "TLSv1.1"
        case .tlsv12: "TLSv1.2"
        case .tlsv13: "TLSv1.3"
        }
    }
}
