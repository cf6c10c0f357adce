// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static let inner = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A body that one reader takes for chunks and another for so many bytes.
    private static func ambiguous(_ name: String, _ headers: [String]) -> DifferentialCase {
        .request("smuggling: \(name)", method: "POST", headers: headers, body: self.inner)
    }

    static let smuggling: [DifferentialCase] =
        [
            ambiguous("CL.TE", ["Content-Length: 5", "Transfer-Encoding: chunked"]),
            ambiguous("TE.CL", ["Transfer-Encoding: chunked", "Content-Length: 5"]),
            ambiguous("two lengths", ["Content-Length: 0", "Content-Length: 45"]),
            ambiguous("two equal lengths", ["Content-Length: 5", "Content-Length: 5"]),
            ambiguous("chunked twice", ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"]),
            ambiguous("a second coding", ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"]),
            ambiguous("the length behind a fold", ["X-A: b", " Content-Length: 5"]),
            ambiguous("a space before the colon of the length", ["Content-Length : 5"]),
            ambiguous("a space before the colon of the coding", ["Transfer-Encoding : chunked"]),
            ambiguous("a tab before the colon of the coding", ["Transfer-Encoding\t: chunked"]),
            ambiguous("a fold in the coding", ["Transfer-Encoding:", " chunked"]),
            ambiguous("an underscore for the hyphen", ["Transfer_Encoding: chunked", "Content-Length: 5"]),
            ambiguous("a length named in connection", ["Connection: content-length", "Content-Length: 5"]),
            ambiguous("a coding named in connection", ["Connection: transfer-encoding", "Transfer-Encoding: chunked"]),
        ]
        + [
            "xchunked", "chunkedx", "chunked, identity", "identity, chunked", "gzip, chunked", "identity", "gzip",
            "chunked, chunked", "\"chunked\"",
            "chunked;q=1", " chunked ", "\u{b}chunked", "chunked\u{0}", ",chunked", "chunked,", "", "CHUNKED", "cow",
        ].map { ambiguous("coding \($0.debugDescription)", ["Transfer-Encoding: \($0)"]) }
}
