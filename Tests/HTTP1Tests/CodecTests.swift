// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Testing

struct CodecTests {
    static let request =
        "POST http://auth-service:8080/a/b?c=d HTTP/1.1\r\nHost: other\r\nX-One:  1 \r\nTransfer-Encoding: chunked\r\n"
        + "Connection: x-two, keep-alive\r\nX-Two: 2\r\nX-Three: 3\r\n\r\n"
    static let body = "5;ext=1\r\nhello\r\n6\r\n world\r\n0\r\nX-Trailer: t\r\nContent-Length: 9\r\n\r\n"

    @Test func `a request is the same at every split`() throws {
        let all = Self.request + Self.body
        for split in 0...all.utf8.count {
            var parser = RequestHeadParser()
            var decoder: BodyDecoder?
            var head: RequestHead?
            var body = ""
            var trailers: HeaderBlock?
            var buffer = ByteBuffer()
            for part in [all.utf8.prefix(split), all.utf8.dropFirst(split)] {
                buffer.writeBytes(part)
                if head == nil, let parsed = try parser.next(&buffer) {
                    head = parsed
                    decoder = BodyDecoder(try BodyLength.of(parsed))
                }
                while let event = try decoder?.next(&buffer) {
                    switch event {
                    case .data(let data): body += String(buffer: data)
                    case .end(let end): trailers = end
                    }
                }
            }
            let parsed = try #require(head)
            #expect(parsed.method == .post)
            #expect(parsed.authority == "auth-service:8080")
            #expect(parsed.path == "/a/b")
            #expect(parsed.query.map { $0 == "c=d" } == true)
            #expect(parsed.headers.first("x-one").map { $0 == "1" } == true)
            #expect(body == "hello world")
            #expect(trailers?.pairs.map(\.name) == ["X-Trailer"])
        }
    }

    @Test func `untouched lines are copied and edited ones replaced`() throws {
        var parser = RequestHeadParser()
        var buffer = ByteBuffer(string: Self.request)
        var head = try #require(try parser.next(&buffer))
        HopByHop.strip(&head.headers)
        head.headers.set("x-three", "drei\r\nevil: 1")
        head.headers.rename("x-one", to: "x-uno")
        head.setPathAndQuery("/z")
        var out = ByteBuffer()
        HeadWriter.write(head, framing: .chunked, into: &out)
        #expect(
            String(buffer: out)
                == "POST /z HTTP/1.1\r\nx-uno: 1\r\nhost: auth-service:8080\r\nx-three: drei  evil: 1\r\ntransfer-encoding: chunked\r\n\r\n"
        )
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", HTTPMethod.get, BodyLength.length(5)),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .head, .none),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", .get, .none),
        ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", .get, .none),
        ("HTTP/1.1 100 Continue\r\n\r\n", .get, .none),
        ("HTTP/1.0 200 OK\r\n\r\n", .get, .untilClose),
        ("HTTP/1.1 200\r\nTransfer-Encoding: Chunked\r\n\r\n", .get, .chunked),
        ("HTTP/1.1 200 \r\n\r\n", .connect, .none),
    ]) func `the length of a response's body`(_ text: String, _ method: HTTPMethod, _ expected: BodyLength) throws {
        var parser = ResponseHeadParser()
        var buffer = ByteBuffer(string: text)
        let head = try #require(try parser.next(&buffer))
        #expect(try BodyLength.of(head, to: method) == expected)
    }

    @Test(arguments: ["HTTP/1.1 99 X\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "ICY 200 OK\r\nabcdefg\r\n\r\n"])
    func `a status line that is not one`(_ text: String) {
        var parser = ResponseHeadParser()
        var buffer = ByteBuffer(string: text)
        #expect(throws: HTTP1Error(.invalidStatusLine)) { try parser.next(&buffer) }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true), ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", false),
        ("GET / HTTP/1.0\r\n\r\n", false), ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
        ("GET / HTTP/1.1\r\nHost: a\r\nProxy-Connection: Close\r\n\r\n", false),
        ("GET / HTTP/1.1\r\nHost: a\r\nProxy-Connection: keep-alive\r\n\r\n", true),
    ]) func `who keeps the connection`(_ text: String, _ kept: Bool) throws {
        var parser = RequestHeadParser()
        var buffer = ByteBuffer(string: text)
        let head = try #require(try parser.next(&buffer))
        #expect(HopByHop.isPersistent(head.headers, version: head.version) == kept)
    }

    @Test func `connect names an authority`() throws {
        var parser = RequestHeadParser()
        var buffer = ByteBuffer(string: "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n")
        let head = try #require(try parser.next(&buffer))
        #expect(head.form == .authority)
        #expect(head.authority == "a:443")
    }

    @Test func `an exchange ends when both halves have`() {
        var machine = HTTP1Connection.StateMachine()
        let first = machine.requestStarted(persistent: true)
        let requestEnd = machine.requestEnded()
        let responseEnd = machine.responseEnded(delimited: true)
        #expect((first, requestEnd, responseEnd) == (true, .wait, .nextRequest))
        let second = machine.requestStarted(persistent: true)
        let early = machine.responseEnded(delimited: true)
        #expect((second, early) == (true, .close))
    }

    @Test(arguments: [
        (HTTPVersion.http11, UInt16(200), "HTTP/1.1 200 OK\r\n\r\n"), (.http10, 200, "HTTP/1.0 200 OK\r\n\r\n"),
        (.http11, 404, "HTTP/1.1 404 Not Found\r\n\r\n"), (.http11, 799, "HTTP/1.1 799 Unknown\r\n\r\n"),
    ]) func `a status line is in the client's version`(_ version: HTTPVersion, _ status: UInt16, _ expected: String) {
        var out = ByteBuffer()
        HeadWriter.write(ResponseHead(status: status), version: version, framing: .none, connection: nil, into: &out)
        #expect(String(buffer: out) == expected)
    }

    @Test(arguments: [
        ("GET", false), ("HEAD", false), ("DELETE", false), ("TRACE", false), ("CONNECT", false), ("POST", true), ("PUT", true),
        ("PATCH", true), ("OPTIONS", true), ("REPORT", true),
    ]) func `which request says that it has no body`(_ method: String, _ says: Bool) {
        var out = ByteBuffer()
        let head = RequestHead(method: HTTPMethod(method), authority: "a")
        HeadWriter.write(head, framing: head.method.usuallyHasBody ? .empty : .none, into: &out)
        #expect(String(buffer: out).contains("content-length: 0\r\n") == says)
    }
}
