// SPDX-License-Identifier: Apache-2.0
import HTTP1
import MeshTestKit
import NIOCore

@testable import HTTP2

/// What a server of HTTP/2 wrote, by streams. Settings and windows are its own business and are read past.
struct HTTP2AnswerReader {
    private struct Stream {
        var heads: [HeaderBlock] = []
        var statuses: [String] = []
        var body: [UInt8] = []
        var trailers: HeaderBlock?
        var end: String?
    }

    private var streams: [UInt32: Stream] = [:]
    private var connection: [String] = []
    private var decoder = HPACKDecoder()
    private(set) var isBroken = false

    init(_ answer: RawAnswer) {
        var bytes = ByteBuffer(bytes: answer.bytes)
        while let frame = Self.frame(&bytes) { self.take(frame) }
    }

    private struct Frame {
        var kind: UInt8
        var flags: UInt8
        var stream: UInt32
        var payload: ByteBuffer
    }

    private static func frame(_ bytes: inout ByteBuffer) -> Frame? {
        guard let high: UInt16 = bytes.getInteger(at: bytes.readerIndex),
            let low: UInt8 = bytes.getInteger(at: bytes.readerIndex + 2),
            bytes.readableBytes >= 9 + Int(high) << 8 | Int(low)
        else { return nil }
        bytes.moveReaderIndex(forwardBy: 3)
        guard let kind: UInt8 = bytes.readInteger(), let flags: UInt8 = bytes.readInteger(),
            let stream: UInt32 = bytes.readInteger(), let payload = bytes.readSlice(length: Int(high) << 8 | Int(low))
        else { return nil }
        return Frame(kind: kind, flags: flags, stream: stream & 0x7FFF_FFFF, payload: payload)
    }

    private mutating func take(_ frame: Frame) {
        var payload = frame.payload
        switch HTTP2Frames.Kind(rawValue: frame.kind) {
        case .headers:
            // Neither proxy writes a head that needs a second frame in these cases.
            guard let list = try? self.decoder.decode(payload, limits: HTTP2Limits(headBytes: 1 << 20)) else {
                self.isBroken = true
                return
            }
            if let status = list[.status] {
                self.streams[frame.stream, default: Stream()].statuses.append(status.string)
                self.streams[frame.stream]?.heads.append(list.finish())
            } else {
                self.streams[frame.stream, default: Stream()].trailers = list.finish()
            }
            if frame.flags & HTTP2Frames.endStream != 0 { self.streams[frame.stream]?.end = "end" }
        case .data:
            self.streams[frame.stream, default: Stream()].body += payload.readableBytesView
            if frame.flags & HTTP2Frames.endStream != 0 { self.streams[frame.stream]?.end = "end" }
        case .reset:
            let code: UInt32 = payload.readInteger() ?? .max
            // After a whole answer a reset only says that the rest of the request is not wanted.
            if self.streams[frame.stream]?.end == nil { self.streams[frame.stream, default: Stream()].end = "reset \(code)" }
        case .goAway:
            _ = payload.readInteger(as: UInt32.self)
            self.connection.append("goaway \(payload.readInteger(as: UInt32.self) ?? .max)")
        case .ping: self.connection.append("ping \(frame.flags) \(payload.readInteger(as: UInt64.self) ?? 0)")
        case .priority, .settings, .pushPromise, .windowUpdate, .continuation, nil: break
        }
    }

    /// Streams that are over.
    var ended: Int { self.streams.values.count { $0.end != nil } }

    var isOver: Bool { self.connection.contains { $0.hasPrefix("goaway") } }

    var responses: [RecordedResponse] {
        self.streams.sorted { $0.key < $1.key }.map { id, stream in
            var body = RecordedResponse.normalized(body: String(decoding: stream.body, as: UTF8.self))
            if let trailers = stream.trailers { body += "\n(trailers) \(RecordedResponse.normalized(Self.lines(trailers)))" }
            var headers = RecordedResponse.normalized(stream.heads.last.map(Self.lines) ?? [])
            if body.hasPrefix(EchoUpstream.mark) { headers.removeAll { $0.hasPrefix("content-length:") } }
            return RecordedResponse(
                statusLine: "stream \(id): \(stream.statuses.joined(separator: ", ")) \(stream.end ?? "open")", headers: headers,
                body: body, isComplete: stream.end != nil)
        }
    }

    var rest: String { (self.isBroken ? ["broken"] : []).joined() + self.connection.sorted().joined(separator: ", ") }

    private static func lines(_ headers: HeaderBlock) -> [String] { headers.pairs.map { "\($0.name): \($0.value)" } }
}
