// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let methods: [DifferentialCase] =
        [
            "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND", "PURGE", "REPORT", "M-SEARCH", "FOO",
            "get", "Get",
        ]
        .map { .request("method \($0)", method: $0) }
        + ["POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "FOO"].map {
            .request("method \($0) with a body", method: $0, headers: ["Content-Length: 5"], body: "hello")
        }
        + ["POST", "PUT", "GET", "DELETE"].map {
            .request("method \($0) with length zero", method: $0, headers: ["Content-Length: 0"])
        }
        + ["GE(T", "G\u{1}ET", "G@T", "", "GET\t"].map { .request("method no token \($0.debugDescription)", method: $0) }
        + [.request("method of 300 letters", method: String(repeating: "A", count: 300))]
}
