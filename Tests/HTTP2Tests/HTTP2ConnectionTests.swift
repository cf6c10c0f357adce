// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Testing

@testable import HTTP2

@Suite struct HTTP2ConnectionTests {
    private func request(_ method: HTTPMethod = .get, headers: [(String, String)] = []) -> RequestHead {
        RequestHead(method: method, target: "/a?b", authority: "example.com", headers: headers)
    }

    private func open(_ pair: inout ConnectionPair, _ head: RequestHead) throws -> UInt32 {
        let id = pair.client.sendRequest(head, scheme: "http", endStream: false)
        return try #require(id)
    }

    @Test func `a request and its answer, with bodies and trailers`() throws {
        var pair = try ConnectionPair()
        let post = self.request(.post, headers: [("Content-Type", "application/grpc"), ("te", "trailers"), ("cookie", "a=1")])
        let id = try self.open(&pair, post)
        pair.client.sendData(ByteBuffer(string: "hello"), on: id)
        pair.client.sendEnd(nil, on: id)
        #expect(
            try pair.exchange().server == [
                "1 POST /a?b chunked content-type=application/grpc te=trailers cookie=a=1 host=example.com", "1 data 5", "1 end",
            ])
        pair.server.sendResponse(ResponseHead(status: 103, headers: [("link", "x")]), on: id, endStream: false)
        pair.server.sendResponse(
            ResponseHead(status: 200, headers: [("connection", "close"), ("X-A", "b")]), on: id, endStream: false)
        pair.server.sendData(ByteBuffer(repeating: 0, count: 5000), on: id)
        pair.server.sendEnd(HeaderBlock([("grpc-status", "0")]), on: id)
        #expect(
            try pair.exchange().client == [
                "1 103 none link=x", "1 200 chunked x-a=b", "1 data 5000", "1 end grpc-status=0",
            ])
        #expect(pair.client.openStreams == 0)
        #expect(pair.server.openStreams == 0)
    }

    @Test func `a body larger than every window arrives whole, in turns with another`() throws {
        var pair = try ConnectionPair(server: HTTP2Limits(streamWindow: 70_000, connectionWindow: 100_000))
        let ids = [try self.open(&pair, self.request(.put)), try self.open(&pair, self.request(.put))]
        for id in ids {
            pair.client.sendData(ByteBuffer(repeating: 1, count: 1_000_000), on: id)
            pair.client.sendEnd(nil, on: id)
        }
        #expect(!pair.client.isDrained(ids[0]))
        let heard = try pair.exchange().server
        for id in ids {
            let bytes = heard.filter { $0.hasPrefix("\(id) data") }.compactMap { Int($0.split(separator: " ")[2]) }
            #expect(bytes.reduce(0, +) == 1_000_000)
            #expect(heard.contains("\(id) end"))
        }
        #expect(heard.firstIndex { $0.hasPrefix("3 data") } ?? .max < 20)
    }

    @Test func `what is not consumed is not sent`() throws {
        var pair = try ConnectionPair(server: HTTP2Limits(streamWindow: 65_535))
        let id = try self.open(&pair, self.request(.put))
        pair.client.sendData(ByteBuffer(repeating: 1, count: 1_000_000), on: id)
        let sent = pair.client.takeOutput().reduce(0) { $0 + $1.readableBytes }
        #expect(sent < 67_000)
        #expect(pair.client.takeOutput().isEmpty)
    }

    @Test func `nothing of a body is written while the socket takes none`() throws {
        var pair = try ConnectionPair()
        let id = try self.open(&pair, self.request(.put))
        pair.client.setTakesData(false)
        pair.client.sendData(ByteBuffer(string: "x"), on: id)
        #expect(try pair.exchange().server.count == 1)
        pair.client.setTakesData(true)
        #expect(try pair.exchange().server == ["1 data 1"])
    }

    @Test func `more streams than allowed are not opened, and refused where they come`() throws {
        var pair = try ConnectionPair(server: HTTP2Limits(concurrentStreams: 1))
        var first = pair.client.sendRequest(self.request(), scheme: "http", endStream: true)
        #expect(first == 1)
        first = pair.client.sendRequest(self.request(), scheme: "http", endStream: true)
        #expect(first == nil)
        // A peer that does not know the limit yet.
        pair.client.peer.concurrentStreams = 10
        first = pair.client.sendRequest(self.request(), scheme: "http", endStream: true)
        #expect(first == 3)
        #expect(try pair.exchange().client == ["3 reset 7"])
    }

    @Test func `streams beyond a GOAWAY come back as refused`() throws {
        var pair = try ConnectionPair()
        _ = pair.client.sendRequest(self.request(), scheme: "http", endStream: true)
        _ = try pair.exchange()
        pair.server.goAway(.noError)
        _ = pair.client.sendRequest(self.request(), scheme: "http", endStream: true)
        #expect(try pair.exchange().client == ["goaway 1 0", "3 reset 7"])
        #expect(!pair.client.canOpenStream)
        pair.server.sendResponse(ResponseHead(status: 204), on: 1, endStream: true)
        #expect(try pair.exchange().client == ["1 204 none", "1 end"])
    }

    @Test func `a long head goes in several frames`() throws {
        var pair = try ConnectionPair()
        let long = self.request(headers: [("x-long", String(repeating: "z", count: 50_000))])
        _ = pair.client.sendRequest(long, scheme: "https", endStream: true)
        #expect(try pair.exchange().server.first?.utf8.count ?? 0 > 50_000)
        let longer = self.request(headers: [("x-long", String(repeating: "z", count: 70_000))])
        _ = pair.client.sendRequest(longer, scheme: "https", endStream: true)
        #expect(try pair.exchange().server == ["3 oversized"])
    }

    @Test func `an extended CONNECT carries its protocol`() throws {
        var closed = try ConnectionPair()
        #expect(!closed.client.acceptsExtendedConnect)
        _ = closed.client.sendRequest(self.request(), scheme: "https", endStream: false, protocolName: "websocket")
        #expect(try closed.exchange().server.isEmpty)
        var pair = try ConnectionPair(server: HTTP2Limits(acceptsExtendedConnect: true))
        #expect(pair.client.acceptsExtendedConnect)
        _ = pair.client.sendRequest(self.request(), scheme: "https", endStream: false, protocolName: "websocket")
        #expect(try pair.exchange().server == ["1 CONNECT /a?b chunked :websocket host=example.com"])
    }
}
