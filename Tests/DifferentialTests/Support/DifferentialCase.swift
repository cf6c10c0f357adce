// SPDX-License-Identifier: Apache-2.0

/// Bytes that both proxies get, on a connection of their own.
struct DifferentialCase: Sendable, CustomStringConvertible {
    /// Which listener of the bootstrap.
    enum Listener: String, Sendable, CaseIterable {
        case plain, routes, options, guarded, filtered
        case retries, conditions, ruled, forwarded, hops, edge
        case upward, ending, tcp, weighted, unreachable
        case refusing, redirecting, unescaping, external

        var bootstrap: BootstrapFile {
            switch self {
            case .plain, .routes, .options, .guarded, .filtered: .messages
            case .retries, .conditions, .ruled, .forwarded, .hops, .edge: .rules
            case .upward, .ending, .tcp, .weighted, .unreachable: .chains
            case .refusing, .redirecting, .unescaping, .external: .doubts
            }
        }
    }

    var name: String
    var listener: Listener
    var bytes: [UInt8]
    /// Final responses that are waited for; 0 for a request that is never complete.
    var responses: Int
    /// Sent once a response has come: for what follows a switch of protocols.
    var followUp: [UInt8]
    /// Behind the last bytes the client closes its own direction.
    var finishes = false
    /// The bytes are frames; `responses` are streams that end.
    var isHTTP2 = false

    init(_ name: String, on listener: Listener = .plain, _ text: String, responses: Int = 1, followUp: String = "") {
        self.init(name, on: listener, bytes: Array(text.utf8), responses: responses, followUp: followUp)
    }

    init(_ name: String, on listener: Listener = .plain, bytes: [UInt8], responses: Int = 1, followUp: String = "") {
        self.name = name
        self.listener = listener
        self.bytes = bytes
        self.responses = responses
        self.followUp = Array(followUp.utf8)
    }

    func finished() -> DifferentialCase {
        var test = self
        test.name += ", then the end"
        test.finishes = true
        return test
    }

    var isHead: Bool { self.bytes.starts(with: Array("HEAD ".utf8)) }

    var description: String { "\(self.listener.rawValue): \(self.name)" }

    /// A request with a host and nothing else but `headers`.
    static func request(
        _ name: String, on listener: Listener = .plain, method: String = "GET", target: String = "/", host: String = "a.test",
        headers: [String] = [], body: String = ""
    ) -> DifferentialCase {
        let lines = ["\(method) \(target) HTTP/1.1", "Host: \(host)"] + headers
        return DifferentialCase(name, on: listener, lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }
}
