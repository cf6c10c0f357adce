// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshResources
import SwiftProtobuf

/// Answers that the proxy gives itself.
enum RedirectTranslation {
    static func action(_ redirect: HTTPRedirect) -> Envoy_Config_Route_V3_RedirectAction {
        .with {
            if let authority = redirect.authority { $0.hostRedirect = authority }
            if let scheme = redirect.scheme { $0.schemeRedirect = scheme }
            if let prefix = redirect.prefixRewrite {
                $0.prefixRewrite = prefix
            } else if let uri = redirect.uri {
                $0.pathRedirect = uri
            }
            switch redirect.port {
            case .number(let number): $0.portRedirect = WireValues.uint32(number)
            case .fromProtocolDefault: $0.portRedirect = redirect.scheme == "https" ? 443 : 80
            case .fromRequestPort, nil: break
            }
            $0.responseCode =
                switch redirect.redirectCode {
                case 302: .found
                case 303: .seeOther
                case 307: .temporaryRedirect
                case 308: .permanentRedirect
                default: .movedPermanently
                }
        }
    }

    static func directResponse(_ response: HTTPDirectResponse) -> Envoy_Config_Route_V3_DirectResponseAction {
        .with {
            $0.status = WireValues.uint32(response.status)
            switch response.body {
            case .string(let text): $0.body.inlineString = text
            case .bytes(let text): $0.body.inlineBytes = Data(base64Encoded: text) ?? Data()
            case nil: break
            }
        }
    }
}
