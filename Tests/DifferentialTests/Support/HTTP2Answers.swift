// SPDX-License-Identifier: Apache-2.0

/// Answers of an upstream of HTTP/2, frame by frame: what no server should say, and what would be two messages as HTTP/1.
enum HTTP2Answers {
    private typealias Fields = [(String, String)]

    static var names: [String] {
        (Array(Self.heads.keys) + Array(Self.bodies.keys) + Array(Self.trailers.keys) + Array(Self.frames.keys)).sorted()
    }

    static func frames(_ name: String, on id: UInt32) -> HTTP2Frames? {
        let start = HTTP2Frames(bare: [])
        if let fields = Self.heads[name] { return start.head(fields, on: id) }
        if let fields = Self.bodies[name] {
            return start.head([(":status", "200")] + fields, on: id, ends: false).data("hello", on: id)
        }
        if let fields = Self.trailers[name] {
            return start.head([(":status", "200")], on: id, ends: false).data("hello", on: id, ends: false).head(fields, on: id)
        }
        return Self.frames[name]?(id)
    }

    private static func with(_ name: String, _ value: String) -> Fields { [(":status", "200"), (name, value)] }

    private static let heads: [String: Fields] = [
        "status-none": [("x", "y")], "status-empty": [(":status", "")], "status-two-digits": [(":status", "20")],
        "status-four-digits": [(":status", "2000")], "status-word": [(":status", "abc")], "status-zero": [(":status", "000")],
        "status-099": [(":status", "099")], "status-signed": [(":status", "+20")], "status-101": [(":status", "101")],
        "status-600": [(":status", "600")], "status-999": [(":status", "999")], "status-crlf": [(":status", "200\r\nx: y")],
        "status-twice": with(":status", "200"), "status-behind": [("x", "y"), (":status", "200")],
        "pseudo-path": with(":path", "/"), "pseudo-unknown": with(":x", "y"), "name-capitals": with("X", "y"),
        "name-empty": with("", "y"), "name-blank": with("x y", "z"), "name-colon": with("x:", "y"),
        "name-crlf": with("x: y\r\nz", "a"), "name-nul": with("x\0", "y"), "value-crlf": with("x", "y\r\nz: a"),
        "value-answer": with("x", "y\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), "value-lf": with("x", "y\nz: a"),
        "value-cr": with("x", "y\rz"), "value-nul": with("x", "y\0z"), "value-control": with("x", "y\u{1}z"),
        "value-blanks": with("x", " y "), "hop-connection": with("connection", "close"),
        "hop-coding": with("transfer-encoding", "chunked"), "hop-upgrade": with("upgrade", "x"),
        "hop-keep-alive": with("keep-alive", "timeout=5"), "hop-te": with("te", "trailers"),
        "length-and-no-body": with("content-length", "5"), "interim-at-end": [(":status", "103")],
        "204-length": [(":status", "204"), ("content-length", "5")], "304-length": [(":status", "304"), ("content-length", "5")],
    ]

    private static let bodies: [String: Fields] = [
        "length-right": [("content-length", "5")], "length-too-long": [("content-length", "6")],
        "length-too-short": [("content-length", "4")], "length-zero": [("content-length", "0")],
        "length-twice": [("content-length", "5"), ("content-length", "5")],
        "length-two": [("content-length", "5"), ("content-length", "6")], "length-list": [("content-length", "5, 5")],
        "length-signed": [("content-length", "+5")], "length-negative": [("content-length", "-5")],
        "length-word": [("content-length", "five")], "length-empty": [("content-length", "")],
        "length-great": [("content-length", "18446744073709551621")],
    ]

    private static let trailers: [String: Fields] = [
        "trailers-status": [(":status", "200")], "trailers-capitals": [("X", "y")], "trailers-crlf": [("x", "y\r\nz: a")],
        "trailers-connection": [("connection", "close")], "trailers-length": [("content-length", "9")], "trailers-empty": [],
    ]

    private static let frames: [String: @Sendable (UInt32) -> HTTP2Frames] = [
        "data-first": { HTTP2Frames(bare: []).data("hello", on: $0) },
        "data-behind-end": { HTTP2Frames(bare: []).head([(":status", "200")], on: $0).data("hello", on: $0) },
        "data-in-204": { HTTP2Frames(bare: []).head([(":status", "204")], on: $0, ends: false).data("hello", on: $0) },
        "data-in-304": { HTTP2Frames(bare: []).head([(":status", "304")], on: $0, ends: false).data("hello", on: $0) },
        "head-twice": {
            HTTP2Frames(bare: []).head([(":status", "200")], on: $0, ends: false).head([(":status", "200")], on: $0)
        },
        "head-of-another-stream": { HTTP2Frames(bare: []).head([(":status", "200")], on: $0 + 2) },
        "head-no-hpack": { HTTP2Frames(bare: []).frame(.headers, 5, on: $0, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]) },
        "head-padded": {
            HTTP2Frames(bare: []).frame(.headers, 0xD, on: $0, [2] + HTTP2Frames.block([(":status", "200")]) + [0, 0])
        },
        "push": { HTTP2Frames(bare: []).frame(.pushPromise, 4, on: $0, [0, 0, 0, 2]) },
        "window-of-zero": { HTTP2Frames(bare: []).frame(.windowUpdate, on: $0, [0, 0, 0, 0]) },
        "ping-of-seven": { _ in HTTP2Frames(bare: []).frame(.ping, on: 0, [0, 0, 0, 0, 0, 0, 0]) },
        "frame-too-large": {
            HTTP2Frames(bare: []).head([(":status", "200")], on: $0, ends: false)
                .frame(.data, 1, on: $0, Array(repeating: 120, count: 16385))
        },
        "frame-unknown": { HTTP2Frames(bare: []).frame(number: 0x42, on: $0, [1]).head([(":status", "200")], on: $0) },
        "no-http2": { _ in HTTP2Frames(bare: Array("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".utf8)) },
        "reset-no-error-first": { HTTP2Frames(bare: []).frame(.reset, on: $0, [0, 0, 0, 0]) },
        "reset-no-error-behind": {
            HTTP2Frames(bare: []).head([(":status", "200")], on: $0, ends: false).data("hello", on: $0)
                .frame(.reset, on: $0, [0, 0, 0, 0])
        },
        "reset-no-error-within": {
            HTTP2Frames(bare: []).head([(":status", "200")], on: $0, ends: false).data("hello", on: $0, ends: false)
                .frame(.reset, on: $0, [0, 0, 0, 0])
        },
        "reset-flow-control": { HTTP2Frames(bare: []).frame(.reset, on: $0, [0, 0, 0, 3]) },
        "reset-calm": { HTTP2Frames(bare: []).frame(.reset, on: $0, [0, 0, 0, 11]) },
        "reset-http11": { HTTP2Frames(bare: []).frame(.reset, on: $0, [0, 0, 0, 13]) },
        "reset-unknown": { HTTP2Frames(bare: []).frame(.reset, on: $0, [0, 0, 1, 0]) },
        "reset-short": { HTTP2Frames(bare: []).frame(.reset, on: $0, [0, 0, 0]) },
        "goaway-calm": { HTTP2Frames(bare: []).frame(.goAway, on: 0, HTTP2Frames.big($0) + [0, 0, 0, 11]) },
        "goaway-short": { _ in HTTP2Frames(bare: []).frame(.goAway, on: 0, [0, 0, 0]) },
        "goaway-that-grows": {
            HTTP2Frames(bare: []).frame(.goAway, on: 0, HTTP2Frames.big(UInt32(0)) + [0, 0, 0, 0])
                .frame(.goAway, on: 0, HTTP2Frames.big($0) + [0, 0, 0, 0]).head([(":status", "200")], on: $0)
        },
    ]
}
