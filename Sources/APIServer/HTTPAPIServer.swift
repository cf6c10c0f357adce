// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import SPIFFE

/// The resource API over HTTPS.
package final class HTTPAPIServer: Sendable {
    /// Bodies larger than this are refused with 413.
    package static let maximumBody = 3 * 1024 * 1024
    /// A connection that asks nothing for so long is closed; longer than Go clients keep theirs.
    private static let idleTimeout: Duration = .seconds(120)

    /// After an answer that ends a connection, for a caller that is still sending to read it.
    private static let linger: TimeAmount = .seconds(2)

    private let routes: ResourceRoutes
    private let token: BearerToken
    private let tls: ServingTLS
    private let host: String
    private let port: Int
    private let body: BoundedBody
    private let logger: Logger
    private let bound = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameters:
    ///   - port: 0 picks a free one.
    ///   - bodyDeadline: How long the body of a request may take to arrive.
    package init(
        routes: ResourceRoutes, token: BearerToken, credentials: any ServerCredentials, host: String, port: Int,
        bodyDeadline: Duration = .seconds(30), logger: Logger
    ) {
        self.routes = routes
        self.token = token
        tls = ServingTLS(credentials: credentials)
        self.host = host
        self.port = port
        body = BoundedBody(maximum: Self.maximumBody, deadline: bodyDeadline)
        self.logger = logger
    }

    /// Serves until graceful shutdown or cancellation.
    package func run() async throws {
        let tls = self.tls
        let application = Application(
            responder: CallbackResponder<ConnectionContext> { request, context in
                await self.respond(request, on: context.channel)
            },
            server: HTTPServerBuilder { responder in
                let configuration = HTTP1Channel.Configuration(idleTimeout: TimeAmount(Self.idleTimeout))
                return APIServerChannel(tls: tls, base: HTTP1Channel(responder: responder, configuration: configuration))
            },
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

    private func respond(_ request: Request, on channel: any Channel) async -> Response {
        guard let method = APIRequest.Method(rawValue: request.method == .head ? "GET" : request.method.rawValue) else {
            return Self.response(
                to: request, on: channel,
                APIFailure(405, "MethodNotAllowed", "\(request.method.rawValue) is not supported").response,
                cutting: true)
        }
        let isKnown = token.matches(authorization: request.headers[.authorization])
        var sent = Data()
        if method != .get {
            switch await body.read(request.body) {
            case .complete(let data): sent = data
            // Who is not known learns no more than that.
            case .tooLarge where isKnown:
                return Self.response(to: request, on: channel, BoundedBody.tooLarge(Self.maximumBody).response)
            case .tooLarge: break
            case .abandoned(let failure): return Self.response(to: request, on: channel, failure.response, cutting: true)
            }
        }
        let answer = await routes.respond(
            to: APIRequest(
                method: method, path: request.uri.path.removingPercentEncoding ?? "/-", query: Self.query(request.uri.query ?? ""),
                contentType: request.headers[.contentType] ?? "", accept: request.headers[.accept] ?? "",
                user: isKnown ? token.user : nil, body: sent))
        return Self.response(to: request, on: channel, answer)
    }

    /// - Parameter cutting: The connection ends, whatever of the request is still to come.
    private static func response(
        to request: Request, on channel: any Channel, _ answer: APIResponse, cutting: Bool = false
    ) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = answer.contentType
        headers[.cacheControl] = "no-cache, private"
        if answer.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        for warning in answer.warnings.prefix(50) {
            headers.append(HTTPField(name: .warning, value: "299 - \"\(quoted(warning))\""))
        }
        let body: ResponseBody
        switch answer.body {
        case .data(let data) where cutting:
            headers[.connection] = "close"
            body = ResponseBody(contentLength: data.count) { writer in
                try await writer.write(ByteBuffer(bytes: data))
                try await writer.finish(nil)
                channel.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) }
            }
        case .data(let data) where request.method == .head:
            headers[.contentLength] = "\(data.count)"
            body = ResponseBody()
        case .data(let data): body = ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        case .stream(let stream):
            body = ResponseBody { writer in
                let (items, feed) = stream.makeItems()
                channel.closeFuture.whenComplete { _ in feed.finish() }
                // Ends with this scope.
                async let _: Void = stream.run(into: feed)
                for line in stream.opening { try await writer.write(ByteBuffer(bytes: line)) }
                var revision = stream.startRevision
                for await item in items {
                    if let line = stream.line(item, revision: &revision) { try await writer.write(ByteBuffer(bytes: line)) }
                }
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
