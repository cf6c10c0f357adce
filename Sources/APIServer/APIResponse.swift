// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import MeshResources

/// An answer of the resource API.
package struct APIResponse: Sendable {
    package enum Body: Sendable {
        case data(Data)
        /// One JSON document a line, for as long as the sequence goes.
        case stream(WatchStream)
    }

    package var status: Int
    package var contentType: String
    /// Texts for `Warning: 299` headers.
    package var warnings: [String] = []
    package var body: Body

    package init(status: Int = 200, contentType: String = "application/json", body: Body, warnings: [String] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.warnings = warnings
    }

    package static func json(_ tree: ManifestValue, status: Int = 200, warnings: [String] = []) -> APIResponse {
        APIResponse(status: status, body: .data(Data(JSONTreeWriter.compact(tree).utf8)), warnings: warnings)
    }

    package static func text(_ text: String, status: Int = 200) -> APIResponse {
        APIResponse(status: status, contentType: "text/plain; charset=utf-8", body: .data(Data(text.utf8)))
    }
}
