// SPDX-License-Identifier: Apache-2.0

/// Finds the endpoint of a request. `/help` and `/` list all of them.
package struct AdminRoutes: Sendable {
    private let endpoints: [String: AdminEndpoint]

    package init(_ endpoints: [AdminEndpoint]) {
        self.endpoints = Dictionary(endpoints.map { ($0.path, $0) }) { $1 }
    }

    package func answer(_ request: AdminRequest) async -> AdminResponse {
        if request.path == "/" || request.path == "/help" { return self.help() }
        guard let endpoint = self.endpoints[request.path] else {
            return AdminResponse(status: 404, body: "invalid path. " + self.help().body)
        }
        if endpoint.isMutation, request.method != "POST" {
            return AdminResponse(status: 405, body: "Method Not Allowed: \(request.path) changes something and needs POST\n")
        }
        guard request.method == "GET" || request.method == "HEAD" || request.method == "POST" else {
            return AdminResponse(status: 405, body: "Method Not Allowed\n")
        }
        return await endpoint.answer(request)
    }

    private func help() -> AdminResponse {
        let lines = self.endpoints.values.sorted { $0.path < $1.path }
            .map { "  \($0.path)\($0.isMutation ? " (POST)" : ""): \($0.help)\n" }
        return AdminResponse(body: "admin commands are:\n" + lines.joined() + "  /help: print out list of admin commands\n")
    }
}
