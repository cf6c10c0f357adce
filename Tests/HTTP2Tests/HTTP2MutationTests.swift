// SPDX-License-Identifier: Apache-2.0
import HTTP1
import MeshTestKit
import NIOCore
import Testing

@testable import HTTP2

/// Changed frames and header blocks: nothing traps, the pieces in which bytes come make no difference, limits hold, what we answer are
/// frames, and a head that is accepted is the same one in HTTP/1.
@Suite struct HTTP2MutationTests {
    private static let get: [UInt8] = [0x82, 0x86, 0x84]
    /// RFC 7541 C.4: Huffman code, and names in the table.
    private static let huffman: [UInt8] = [
        0x82, 0x86, 0x84, 0x41, 0x8C, 0xF1, 0xE3, 0xC2, 0xE5, 0xF2, 0x3A, 0x6B, 0xA0, 0xAB, 0x90, 0xF4, 0xFF,
    ]
    private static let kept: [UInt8] = [0x82, 0x87, 0x85, 0xBE, 0x40, 3] + Array("x-a".utf8) + [2] + Array("bc".utf8)
    private static let again: [UInt8] = [0x82, 0x87, 0x85, 0xBF, 0xBE, 0x7E, 1, 0x64, 0x0F, 47, 1, 0x65]
    private static let settings = FrameBytes.Frame(4, [0, 3, 0, 0, 0, 9, 0, 4, 0, 1, 0, 0, 0, 5, 0, 0, 0x40, 0])

    private static func requests() -> [FrameBytes] {
        let client = HTTP2Connection(role: .client)
        let post = RequestHead(
            method: .post, target: "/a?b", authority: "example.com",
            headers: [("te", "trailers"), ("cookie", "a=1"), ("cookie", "b=2"), ("content-length", "5"), ("x-a", "b")])
        if let id = client.sendRequest(post, scheme: "https", endStream: false) {
            client.sendData(ByteBuffer(string: "hello"), on: id)
            client.sendEnd(HeaderBlock([("x-t", "u")]), on: id)
        }
        _ = client.sendRequest(RequestHead(method: .options, target: "*", authority: "a"), scheme: "http", endStream: true)
        _ = client.sendRequest(RequestHead(authority: "a:443"), scheme: "https", endStream: false, protocolName: "websocket")
        client.ping(7)
        let made = FrameBytes(client.takeOutput().flatMap { Array($0.readableBytesView) })
        let tables = FrameBytes(
            hasPreface: true,
            [
                Self.settings, .init(4, flags: 1), .init(1, flags: 5, stream: 1, Self.huffman),
                .init(1, flags: 4, stream: 3, Self.kept),
                .init(0, flags: 9, stream: 3, [3, 1, 2, 3, 0, 0, 0]), .init(1, flags: 5, stream: 5, Self.again),
                .init(8, stream: 3, [0, 0, 1, 0]), .init(8, [0, 0, 1, 0]), .init(3, stream: 3, [0, 0, 0, 8]),
            ])
        let pieces = FrameBytes(
            hasPreface: true,
            [
                Self.settings, .init(1, flags: 0x28, stream: 1, [2, 0, 0, 0, 0, 16] + Self.get + [0, 0]),
                .init(9, stream: 1, [1, 1]), .init(9, flags: 4, stream: 1, [0x61]), .init(2, stream: 1, [0, 0, 0, 0, 1]),
                .init(0, flags: 1, stream: 1, [9]), .init(6, [1, 2, 3, 4, 5, 6, 7, 8]), .init(7, [0, 0, 0, 0, 0, 0, 0, 0]),
                .init(1, flags: 5, stream: 3, Self.get),
            ])
        return [made, tables, pieces].compactMap { $0 }
    }

    private static func responses() -> [FrameBytes] {
        [
            FrameBytes(
                hasPreface: false,
                [
                    Self.settings, .init(4, flags: 1), .init(1, flags: 4, stream: 1, [0x08, 3] + Array("103".utf8)),
                    .init(1, flags: 4, stream: 1, [0x88, 0x5C, 1, 0x35, 0x40, 1, 0x78, 1, 0x79]),
                    .init(0, flags: 1, stream: 1, Array("hello".utf8)),
                    .init(1, flags: 5, stream: 3, [0x8B, 0xBE]), .init(1, flags: 4, stream: 5, [0x88]),
                    .init(0, flags: 8, stream: 5, [1, 9, 9, 0]), .init(1, flags: 5, stream: 5, [0x7E, 1, 0x30]),
                    .init(3, stream: 7, [0, 0, 0, 7]), .init(7, [0, 0, 0, 5, 0, 0, 0, 0]),
                ])
        ]
    }

    private static func changed(_ seeds: [FrameBytes], _ mutator: inout Mutator) -> [UInt8] {
        var frames = mutator.pick(seeds)
        if mutator.chance(1, in: 4) { frames.frames += mutator.pick(seeds).frames }
        repeat { frames.change(&mutator) } while mutator.chance(3, in: 5)
        return mutator.chance(1, in: 5) ? mutator.changed(frames.bytes) : frames.bytes
    }

    private static func limits(_ mutator: inout Mutator) -> HTTP2Limits {
        guard mutator.chance(1, in: 3) else { return HTTP2Limits(acceptsExtendedConnect: true) }
        return HTTP2Limits(
            concurrentStreams: 1 + mutator.below(3), streamWindow: 1 + mutator.below(8), headBytes: 20 + mutator.below(100),
            headerCount: 1 + mutator.below(5), continuations: 1 + mutator.below(2), unreadReplies: 1 + mutator.below(5),
            idleFrameBurst: 1 + mutator.below(5))
    }

    @Test(arguments: [HTTP2Role.server, .client]) func `frames`(role: HTTP2Role) {
        let seeds = role == .server ? Self.requests() : Self.responses()
        for var mutator in Mutator.rounds(400) {
            let limits = Self.limits(&mutator)
            let bytes = Self.changed(seeds, &mutator)
            var whole = FrameTranscript(role: role, limits: limits)
            whole.read([bytes[...]])
            for pieces in [bytes.indices.map { bytes[$0...$0] }, mutator.pieces(bytes)] {
                var other = FrameTranscript(role: role, limits: limits)
                other.read(pieces)
                if whole.lines != other.lines || whole.failure != other.failure || whole.output != other.output {
                    Issue.record("\(mutator): at once \(whole.lines) \(whole.failure as Any), in pieces \(other.lines)")
                }
            }
            #expect(FrameBytes(whole.output) != nil, "\(mutator): what is answered are no frames")
            #expect(role == .client || whole.mostStreams <= limits.concurrentStreams, "\(mutator)")
            #expect((whole.failure == nil) == !whole.saysError, "\(mutator): \(whole.failure as Any) and GOAWAY differ")
            for (head, length) in whole.requests { Self.check(head, length, limits, mutator) }
            for (head, length, method) in whole.responses { Self.check(head, length, to: method, limits, mutator) }
        }
    }

    @Test func `heads arrive as they are sent`() throws {
        for var mutator in Mutator.rounds(60) {
            var pair = try ConnectionPair()
            for _ in 0..<3 {
                let fields = (0..<mutator.below(12)).map { _ in
                    let length = mutator.chance(1, in: 20) ? mutator.below(20_000) : mutator.below(40)
                    let name = (0...mutator.below(30)).map { _ in mutator.pick(Array("abc-xyz_09!".utf8)) }
                    let value = (0..<length).map { _ in mutator.pick(Array("abcXYZ019 ~\u{80}\t;=%".utf8)) }
                    return ("x" + String(decoding: name, as: UTF8.self), Self.trimmed(String(decoding: value, as: UTF8.self)))
                }
                let head = RequestHead(target: "/p", authority: "h", headers: fields)
                _ = pair.client.sendRequest(head, scheme: "http", endStream: true)
                let heard = try pair.exchange().server.first
                let expected = fields.map { " \($0.0)=\($0.1)" }.joined()
                #expect(heard?.hasSuffix("GET /p none\(expected) host=h") == true, "\(mutator): \(heard as Any) for \(expected)")
            }
        }
    }

    private static func trimmed(_ text: String) -> String {
        var text = text.drop(while: \.isWhitespace)
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    // MARK: Properties

    private static func check(_ head: RequestHead, _ length: BodyLength, _ limits: HTTP2Limits, _ mutator: Mutator) {
        #expect(head.headers.count <= limits.headerCount + 1, "\(mutator)")
        // A request without authority is not forwarded.
        guard head.headers.contains(.host) else { return }
        let framing: HeadWriter.Framing = length == .chunked ? .chunked : length == .none ? .none : .contentLength
        var sent = head
        HopByHop.strip(&sent.headers)
        var out = ByteBuffer()
        HeadWriter.write(sent, framing: framing, into: &out)
        var rest = out
        var parser = RequestHeadParser(limits: HTTP1Limits(headBytes: 1 << 20, headerCount: 1000, targetLength: 1 << 20))
        do {
            guard let again = try parser.next(&rest) else {
                Issue.record("\(mutator): no whole head in HTTP/1: \(String(buffer: out))")
                return
            }
            #expect(rest.readableBytes == 0, "\(mutator): more than one head in HTTP/1: \(String(buffer: out))")
            #expect(again.method == sent.method && again.authority == sent.authority, "\(mutator): \(String(buffer: out))")
            #expect(again.pathAndQuery == sent.pathAndQuery, "\(mutator)")
            HopByHop.strip(&sent.headers)
            var second = again
            HopByHop.strip(&second.headers)
            #expect(second.headers.pairs.map(\.value) == sent.headers.pairs.map(\.value), "\(mutator): \(String(buffer: out))")
            guard head.method != .connect else { return }
            #expect(try BodyLength.of(again) == length, "\(mutator): \(length) \(String(buffer: out))")
        } catch {
            Issue.record("\(mutator): refused in HTTP/1: \(error): \(String(buffer: out))")
        }
    }

    private static func check(
        _ head: ResponseHead, _ length: BodyLength, to method: HTTPMethod, _ limits: HTTP2Limits, _ mutator: Mutator
    ) {
        #expect(head.headers.count <= limits.headerCount, "\(mutator)")
        let framing: HeadWriter.Framing = length == .chunked ? .chunked : length == .none ? .none : .contentLength
        var out = ByteBuffer()
        HeadWriter.write(head, framing: framing, connection: nil, into: &out)
        var parser = ResponseHeadParser(limits: HTTP1Limits(headBytes: 1 << 20, headerCount: 1000))
        do {
            var rest = out
            guard let again = try parser.next(&rest) else {
                Issue.record("\(mutator): no whole head in HTTP/1: \(String(buffer: out))")
                return
            }
            #expect(rest.readableBytes == 0 && again.status == head.status, "\(mutator): \(String(buffer: out))")
            if framing != .none { #expect(try BodyLength.of(again, to: method) == length, "\(mutator): \(String(buffer: out))") }
            var fields = again.headers
            if framing == .chunked { fields.remove(.transferEncoding) }
            #expect(fields.pairs.map(\.value) == head.headers.pairs.map(\.value), "\(mutator)")
        } catch {
            Issue.record("\(mutator): refused in HTTP/1: \(error): \(String(buffer: out))")
        }
    }
}
