// SPDX-License-Identifier: Apache-2.0

/// Finds the endpoint of a request. `/help` lists all of them, `/` does so with links.
package struct AdminRoutes: Sendable {
    private let endpoints: [String: AdminEndpoint]

    package init(_ endpoints: [AdminEndpoint]) {
        self.endpoints = Dictionary(endpoints.map { ($0.path, $0) }) { $1 }
    }

    package func answer(_ request: AdminRequest) async -> AdminResponse {
        guard request.method == "GET" || request.method == "HEAD" || request.method == "POST" else {
            return AdminResponse(status: 405, body: "Method \(request.method.prefix(32)) not allowed, GET or POST required.")
        }
        if request.path == "/" { return self.home() }
        if request.path == "/help" { return self.help() }
        guard let endpoint = self.endpoints[request.path] else {
            return AdminResponse(status: 404, body: "invalid path. " + self.help().body)
        }
        if endpoint.isMutation, request.method != "POST" {
            return AdminResponse(status: 405, body: "Method \(request.method) not allowed, POST required.")
        }
        return await endpoint.answer(request)
    }

    private var sorted: [AdminEndpoint] {
        let own = [
            AdminEndpoint("/", help: "Admin home page") { _ in .ok },
            AdminEndpoint("/help", help: "print out list of admin commands") { _ in .ok },
        ]
        return (self.endpoints.values + own).sorted { $0.path < $1.path }
    }

    private func help() -> AdminResponse {
        let lines = self.sorted.map { "  \($0.path)\($0.isMutation ? " (POST)" : ""): \($0.help)\n" }
        return AdminResponse(body: "admin commands are:\n" + lines.joined())
    }

    /// What changes something is a button, because only a form posts.
    private func home() -> AdminResponse {
        let rows = self.sorted.map { endpoint in
            let name = String(endpoint.path.dropFirst())
            let command =
                endpoint.isMutation
                ? "<form action='\(name)' method='post'><button>\(name)</button></form>" : "<a href='\(name)'>\(name)</a>"
            return "<tr><td>\(command)</td><td>\(endpoint.help)</td></tr>\n"
        }
        return AdminResponse(
            contentType: "text/html; charset=UTF-8",
            body: "<!DOCTYPE html>\n<html lang='en'><head><title>Malla proxy admin</title></head><body><table>\n"
                + rows.joined() + "</table></body></html>\n")
    }
}
