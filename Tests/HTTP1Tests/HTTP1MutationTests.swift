// SPDX-License-Identifier: Apache-2.0
import HTTP1
import MeshTestKit
import NIOCore
import Testing

/// Changed messages: nothing traps, the pieces in which bytes come make no difference, limits hold, and what is accepted is read the
/// same again after it has been written.
@Suite struct HTTP1MutationTests {
    static let requests = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a/b?c=d&e HTTP/1.1\r\nHost: auth.example:8080\r\nX-One:  1 \r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n",
        "POST http://auth-service:8080/a HTTP/1.1\r\nHost: other\r\nTransfer-Encoding: chunked\r\nConnection: x-two, close\r\n"
            + "X-Two: 2\r\n\r\n5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\n\r\n",
        "PUT /x HTTP/1.1\r\nHost: [::1]:80\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
        "\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==\r\n\r\n",
        "GET /old HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "PURGE /x HTTP/1.1\r\nHost: a\r\nCookie: a=b\r\nCookie: c=d\r\nX-Forwarded-For: 1.2.3.4\r\nX-Long: \(String(repeating: "y", count: 90))\r\n\r\n",
    ]
    static let responses = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nServer: x\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nDate: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: \"a\"\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nbytes",
        "HTTP/1.1 404\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    ]
    static let tokens = [
        "\r\n", "\n", "\r", "\r\n\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "\r\nHost: b", " HTTP/1.1",
        "HTTP/1.0",
        "0\r\n\r\n", "chunked", ", ", ":", "#", "?", "//", "http://", "https://", "*", "\t", "ffffffffffffffff", "FFFFFFFFFFFFFFF",
        ";",
        "Connection: host, content-length, x-two\r\n", "[", "]", "@", "\u{FF}", "100-continue", "GET ", "CONNECT ", "HEAD ", "304",
        "101",
    ]

    @Test func `requests`() {
        for var mutator in Mutator.rounds(1500, tokens: Self.tokens) {
            let limits = Self.limits(&mutator)
            let bytes = Self.changed(Self.requests, &mutator)
            var whole = RequestTranscript(limits: limits)
            whole.read([bytes[...]])
            for pieces in [bytes.indices.map { bytes[$0...$0] }, mutator.pieces(bytes)] {
                var other = RequestTranscript(limits: limits)
                other.read(pieces)
                Self.compare(whole.lines, other.lines, whole.failure, other.failure, bytes, mutator)
            }
            for (head, length) in whole.heads { Self.check(head, length, limits, mutator) }
        }
    }

    @Test func `responses`() {
        for var mutator in Mutator.rounds(1500, tokens: Self.tokens) {
            let limits = Self.limits(&mutator)
            let bytes = Self.changed(Self.responses, &mutator)
            let method = mutator.pick([HTTPMethod.get, .get, .head, .connect])
            var whole = ResponseTranscript(method: method, limits: limits)
            whole.read([bytes[...]])
            for pieces in [bytes.indices.map { bytes[$0...$0] }, mutator.pieces(bytes)] {
                var other = ResponseTranscript(method: method, limits: limits)
                other.read(pieces)
                Self.compare(whole.lines, other.lines, whole.failure, other.failure, bytes, mutator)
            }
            for (head, length) in whole.heads { Self.check(head, length, to: method, mutator) }
        }
    }

    // MARK: Inputs

    private static func changed(_ seeds: [String], _ mutator: inout Mutator) -> [UInt8] {
        var bytes = Array(mutator.pick(seeds).utf8)
        if mutator.chance(1, in: 3) { bytes += Array(mutator.pick(seeds).utf8) }
        return mutator.changed(bytes, other: Array(mutator.pick(seeds).utf8))
    }

    private static func limits(_ mutator: inout Mutator) -> HTTP1Limits {
        guard mutator.chance(1, in: 3) else { return HTTP1Limits() }
        return HTTP1Limits(
            headBytes: 40 + mutator.below(200), headerCount: 1 + mutator.below(8), targetLength: 1 + mutator.below(40),
            chunkLineBytes: 2 + mutator.below(20), trailerBytes: 5 + mutator.below(40))
    }

    // MARK: Properties

    private static let limits: Set<HTTP1Error.Code> = [
        .headTooLarge, .tooManyHeaders, .targetTooLong, .chunkLineTooLong, .trailersTooLarge,
    ]

    private static func compare(
        _ one: [String], _ other: [String], _ failure: HTTP1Error?, _ otherFailure: HTTP1Error?, _ bytes: [UInt8],
        _ mutator: Mutator
    ) {
        // Beyond a limit there may be other mistakes: which one is seen first follows from the pieces.
        let isLimit = [failure, otherFailure].contains { $0.map { Self.limits.contains($0.code) } ?? false }
        guard one != other || (failure != otherFailure && !(isLimit && failure != nil && otherFailure != nil)) else { return }
        let text = String(decoding: bytes, as: UTF8.self).debugDescription
        Issue.record("\(mutator): \(text): at once \(one) \(failure as Any), in pieces \(other) \(otherFailure as Any)")
    }

    private static func check(_ head: RequestHead, _ length: BodyLength, _ limits: HTTP1Limits, _ mutator: Mutator) {
        #expect(head.headers.count <= limits.headerCount + 1 && head.pathAndQuery.count <= limits.targetLength + 1, "\(mutator)")
        Self.checkFields(head.headers, mutator)
        #expect(RequestHead.isAuthority(head.authority), "\(mutator)")
        let path = head.pathAndQuery
        #expect(path.isEmpty ? head.method == .connect : path.hasPrefix("/") || path == "*", "\(mutator)")
        #expect(path.withBytes { $0.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 } }, "\(mutator)")
        // HTTP/1.0 may leave the host out, and is not forwarded without.
        guard head.headers.contains(.host) else { return }
        var sent = head
        HopByHop.strip(&sent.headers)
        let framing: HeadWriter.Framing = length == .chunked ? .chunked : length == .none ? .none : .contentLength
        var out = ByteBuffer()
        HeadWriter.write(sent, framing: framing, into: &out)
        var rest = out
        var parser = RequestHeadParser(limits: HTTP1Limits(headBytes: 1 << 20, headerCount: 1000, targetLength: 1 << 20))
        do {
            guard let again = try parser.next(&rest) else {
                Issue.record("\(mutator): what is written is no whole head: \(String(buffer: out))")
                return
            }
            #expect(rest.readableBytes == 0, "\(mutator): one head is read as more: \(String(buffer: out))")
            #expect(again.method == sent.method && again.authority == sent.authority, "\(mutator)")
            #expect(again.pathAndQuery == sent.pathAndQuery, "\(mutator)")
            #expect(try BodyLength.of(again) == length, "\(mutator): \(String(buffer: out))")
            var second = again
            HopByHop.strip(&second.headers)
            #expect(second.headers.pairs.map(\.name) == sent.headers.pairs.map(\.name), "\(mutator)")
            #expect(second.headers.pairs.map(\.value) == sent.headers.pairs.map(\.value), "\(mutator)")
            var out2 = ByteBuffer()
            HeadWriter.write(second, framing: framing, into: &out2)
            #expect(out == out2, "\(mutator)")
        } catch {
            Issue.record("\(mutator): what is written is refused: \(error): \(String(buffer: out))")
        }
    }

    private static func check(_ head: ResponseHead, _ length: BodyLength, to method: HTTPMethod, _ mutator: Mutator) {
        Self.checkFields(head.headers, mutator)
        var sent = head
        HopByHop.strip(&sent.headers)
        // As the proxy does with a body whose end only the connection tells.
        let written = length == .untilClose ? .chunked : length
        let framing: HeadWriter.Framing = written == .chunked ? .chunked : written == .none ? .none : .contentLength
        var out = ByteBuffer()
        HeadWriter.write(sent, framing: framing, connection: nil, into: &out)
        var rest = out
        var parser = ResponseHeadParser(limits: HTTP1Limits(headBytes: 1 << 20, headerCount: 1000))
        do {
            guard let again = try parser.next(&rest) else {
                Issue.record("\(mutator): what is written is no whole head: \(String(buffer: out))")
                return
            }
            #expect(rest.readableBytes == 0, "\(mutator): one head is read as more: \(String(buffer: out))")
            #expect(again.status == sent.status, "\(mutator)")
            #expect(try BodyLength.of(again, to: method) == written, "\(mutator): \(String(buffer: out))")
            var second = again
            HopByHop.strip(&second.headers)
            #expect(second.headers.pairs.map(\.value) == sent.headers.pairs.map(\.value), "\(mutator)")
        } catch {
            Issue.record("\(mutator): what is written is refused: \(error): \(String(buffer: out))")
        }
    }

    private static func checkFields(_ headers: HeaderBlock, _ mutator: Mutator) {
        for (name, value) in headers.pairs {
            #expect(!name.isEmpty && name.utf8.allSatisfy(ASCII.isToken), "\(mutator): \(name)")
            #expect(Array(value.utf8).withUnsafeBytes(ASCII.isFieldValue), "\(mutator): \(value)")
        }
    }
}
