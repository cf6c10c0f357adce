// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// A request as the resource API looks at it: no sockets, no HTTP library.
package struct APIRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }

    package var method: Method
    package var path: String
    /// Decoded; of a repeated parameter the last one counts.
    package var query: [String: String]
    package var contentType: String
    package var accept: String
    /// Who the caller proved to be; nil when nobody.
    package var user: String?
    package var body: Data

    package init(
        method: Method, path: String, query: [String: String] = [:], contentType: String = "application/json",
        accept: String = "application/json", user: String? = nil, body: Data = Data()
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.user = user
        self.body = body
    }

    /// Of the body, without parameters, in lower case.
    var mediaType: String { contentType.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() }

    func flag(_ name: String) -> Bool { query[name] == "true" || query[name] == "1" }
}
