// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static func filtered(_ name: String, _ target: String, method: String = "GET", _ headers: String...) -> DifferentialCase
    {
        .request("filter: \(name)", on: .filtered, method: method, target: target, headers: headers)
    }

    private static func preflight(_ name: String, _ target: String, origin: String, _ headers: String...) -> DifferentialCase {
        .request(
            "filter: preflight \(name)", on: .filtered, method: "OPTIONS", target: target,
            headers: ["Origin: \(origin)", "Access-Control-Request-Method: PUT", "Content-Length: 0"] + headers)
    }

    /// On one connection, with names that have fewer tokens than there are requests.
    private static func times(_ count: Int, _ name: String, _ target: String, _ header: String = "X: y") -> DifferentialCase {
        let request = "GET \(target) HTTP/1.1\r\nHost: a.test\r\n\(header)\r\n\r\n"
        return DifferentialCase(
            "filter: \(name)", on: .filtered, String(repeating: request, count: count), responses: count)
    }

    /// One after the other, because they share the bucket of all.
    private static let named: DifferentialCase = {
        let heads = [
            "X-Plan: free", "X-User: nobody", "User-Agent: a bot", "User-Agent: a bot", "X-User: a", "X-User: a",
        ]
        let text = heads.map { "GET /named/ HTTP/1.1\r\nHost: a.test\r\n\($0)\r\n\r\n" }.joined()
        return DifferentialCase("filter: named by many", on: .filtered, text, responses: heads.count)
    }()

    /// Twice on one connection: the bucket holds one token.
    private static func twice(_ name: String, _ target: String, _ header: String = "X: y") -> DifferentialCase {
        let request = "GET \(target) HTTP/1.1\r\nHost: a.test\r\n\(header)\r\n\r\n"
        return DifferentialCase("filter: \(name)", on: .filtered, request + request, responses: 2)
    }

    static let filters: [DifferentialCase] = [
        filtered("nothing", "/"), filtered("page of an allowed origin", "/cors", "Origin: https://a"),
        filtered("page of another allowed origin", "/cors", "Origin: https://x.b"),
        filtered("page of a stranger", "/cors", "Origin: https://evil"),
        filtered("origin in capitals", "/cors", "Origin: HTTPS://A"),
        filtered("page and an upstream that answers 503", "/cors?answer=503", "Origin: https://a"),
        filtered("page and a broken upstream", "/cors?answer=nothing", "Origin: https://a"),
        filtered("OPTIONS without a method asked for", "/cors", method: "OPTIONS", "Content-Length: 0", "Origin: https://a"),
        filtered(
            "OPTIONS without an origin", "/cors", method: "OPTIONS", "Content-Length: 0", "Access-Control-Request-Method: PUT"),
        filtered("policy of the virtual host alone", "/", "Origin: https://a"),
        preflight("allowed", "/cors", origin: "https://a"),
        preflight("with headers", "/cors", origin: "https://a", "Access-Control-Request-Headers: x-1,x-2"),
        preflight("of a stranger", "/cors", origin: "https://evil"),
        preflight("strict", "/cors-strict", origin: "https://abc"),
        preflight("strict of a stranger", "/cors-strict", origin: "ftp://abc"),
        preflight("to a private network", "/cors-strict", origin: "https://abc", "Access-Control-Request-Private-Network: true"),
        preflight("watched", "/cors-shadow", origin: "https://abc"),
        preflight("of a direct response", "/cors-direct", origin: "https://abc"),
        preflight("of the virtual host alone", "/", origin: "https://abc"),
        filtered("CORS watched", "/cors-shadow", "Origin: https://abc"),
        filtered("CORS of a direct response", "/cors-direct", "Origin: https://abc"),
        twice("beyond the limit", "/limit"), twice("beyond the limit with a status", "/limit-status"),
        twice("beyond a limit that is not enforced", "/limit-watched"), twice("beyond a connection's limit", "/limit-connection"),
        twice("grpc beyond the limit", "/limit-grpc", "Content-Type: application/grpc"),
        twice("grpc exhausted", "/limit-exhausted", "Content-Type: application/grpc"),
        // Envoy reads no further request of a connection on which a filter has refused one: the refusal comes last.
        times(6, "named", "/named-alone"), times(3, "named a", "/named-host", "X-Host-User: a"),
        times(3, "named by route and host", "/named-both", "X-User: a\r\nX-Host-User: b"),
        times(4, "named by a host that is ignored", "/named-not-host", "X-Host-User: a"),
        times(3, "named at its stage", "/named-stage", "X-User: a"), times(3, "named by the filter", "/named-here", "X-User: b"),
        times(3, "named by its address", "/named-client", "X-Forwarded-For: 9.8.7.6\r\nX-Client: c"),
        times(3, "named by its proxy", "/named-source"), named,
        filtered("a chosen cluster", "/chosen"), filtered("a chosen cluster's rule", "/chosen", "X-Keep: 1"),
        filtered("edits", "/edits", "X-In: client", "X-Gone: 1", "X-Old-A: 1", "X-Set: old", "x-old-b: 2"),
        filtered("edits of a direct response", "/edits-direct"), filtered("edits of a broken upstream", "/edits?answer=nothing"),
        filtered("rules of a route", "/denied"), filtered("rules of a route that hold", "/denied", "X-Let: 1"),
        filtered("rules of a route to a page", "/denied", "Origin: https://a"),
        filtered("edits that are off", "/edits-off", "X-In: client", "Origin: https://a"),
        preflight("where CORS is off", "/edits-off", origin: "https://a"), filtered("edits that are on", "/edits-on"),
        filtered("a disabled filter that is on", "/awake"), filtered("a disabled filter that is told something", "/awake-told"),
        filtered("a disabled filter that is off", "/asleep"), preflight("where CORS is on", "/cors-on", origin: "https://a"),
        filtered("CORS that is on", "/cors-on", "Origin: https://a"),
        filtered("fault of a route", "/broken"), filtered("fault of a route to a page", "/broken", "Origin: https://a"),
    ]
}
