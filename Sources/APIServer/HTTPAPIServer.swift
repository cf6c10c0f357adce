// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// The resource API over HTTP.
package final class HTTPAPIServer: Sendable {
    /// Bodies larger than this are refused with 413.
    package static let maximumBody = 3 * 1024 * 1024

    private let routes: ResourceRoutes
    private let token: BearerToken
    private let host: String
    private let port: Int
    private let logger: Logger
    private let bound = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter port: 0 picks a free one.
    package init(routes: ResourceRoutes, token: BearerToken, host: String, port: Int, logger: Logger) {
        self.routes = routes
        self.token = token
        self.host = host
        self.port = port
        self.logger = logger
    }

    /// Serves until graceful shutdown or cancellation.
    package func run() async throws {
        let responder = CallbackResponder<BasicRequestContext> { request, _ in await self.respond(request) }
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "malla"),
            onServerRunning: { channel in self.bound.continuation.yield(channel.localAddress?.port ?? 0) },
            logger: logger)
        defer { bound.continuation.finish() }
        try await application.run()
    }

    /// Waits until the port is bound; nil when it could not be. To be called once.
    package func listeningPort() async -> Int? {
        for await port in bound.stream { return port }
        return nil
    }

    private func respond(_ request: Request) async -> Response {
        guard let method = APIRequest.Method(rawValue: request.method == .head ? "GET" : request.method.rawValue) else {
            return Self.response(APIFailure(405, "MethodNotAllowed", "\(request.method.rawValue) is not supported").response)
        }
        let isKnown = token.matches(authorization: request.headers[.authorization])
        let tooLarge = APIFailure(413, "RequestEntityTooLarge", "the body is larger than \(Self.maximumBody) bytes")
        var body = Data()
        if isKnown, method != .get {
            if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > Self.maximumBody {
                return Self.response(tooLarge.response, closing: true)
            }
            do {
                body = Data((try await request.body.collect(upTo: Self.maximumBody)).readableBytesView)
            } catch is NIOTooManyBytesError {
                return Self.response(tooLarge.response, closing: true)
            } catch {
                return Self.response(APIFailure.badRequest("the body could not be read").response, closing: true)
            }
        }
        let answer = await routes.respond(
            to: APIRequest(
                method: method, path: request.uri.path.removingPercentEncoding ?? "/-", query: Self.query(request.uri.query ?? ""),
                contentType: request.headers[.contentType] ?? "", accept: request.headers[.accept] ?? "",
                user: isKnown ? token.user : nil, body: body))
        return Self.response(answer, closing: !isKnown && method != .get)
    }

    private static func response(_ answer: APIResponse, closing: Bool = false) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.cacheControl] = "no-cache, private"
        if closing { headers[.connection] = "close" }
        if answer.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        for warning in answer.warnings.prefix(50) {
            headers.append(HTTPField(name: .warning, value: "299 - \"\(quoted(warning))\""))
        }
        let body: ResponseBody =
            switch answer.body {
            case .data(let data): ResponseBody(byteBuffer: ByteBuffer(bytes: data))
            case .stream(let stream):
                ResponseBody { writer in
                    let (lines, feed) = AsyncStream<Data>.makeStream(bufferingPolicy: .bufferingOldest(WatchStream.waitingEvents))
                    async let watching: Void = stream.run(into: feed)
                    for await line in lines { try await writer.write(ByteBuffer(bytes: line)) }
                    await watching
                    try await writer.finish(nil)
                }
            }
        return Response(status: .init(code: answer.status), headers: headers, body: body)
    }

    /// One line of printable ASCII, as a header may hold it.
    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars.prefix(1000) {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += " "
            }
        }
        return result
    }

    private static func query(_ text: String) -> [String: String] {
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = sides.first.flatMap(decoded) else { continue }
            query[name] = sides.count > 1 ? decoded(sides[1]) ?? "" : ""
        }
        return query
    }

    private static func decoded(_ text: Substring) -> String? { text.replacing("+", with: " ").removingPercentEncoding }
}

extension HTTPField.Name {
    fileprivate static let warning = HTTPField.Name("Warning") ?? .contentType
}
