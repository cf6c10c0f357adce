// SPDX-License-Identifier: Apache-2.0
import MeshTestKit

/// Takes a byte stream apart into responses. Lenient: what a proxy writes is recorded, not judged.
struct ResponseReader {
    private var bytes: ArraySlice<UInt8>
    private let isClosed: Bool
    private let isHead: Bool
    private(set) var responses: [RecordedResponse] = []
    /// What came after a switch of protocols, or that is no response.
    private(set) var rest = ""

    init(_ answer: RawAnswer, isHead: Bool) {
        self.bytes = answer.bytes[...]
        self.isClosed = answer.isClosed
        self.isHead = isHead
        while !self.bytes.isEmpty, self.next() {}
        self.rest = String(decoding: self.bytes, as: UTF8.self)
    }

    /// Complete responses that are final.
    var finals: Int { self.responses.count { $0.isComplete && !$0.statusLine.hasPrefix("HTTP/1.1 10") } }

    private mutating func next() -> Bool {
        guard let end = Self.find([13, 10, 13, 10], in: self.bytes) else { return false }
        let head = String(decoding: self.bytes[..<end], as: UTF8.self)
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
        let status = lines.removeFirst()
        guard status.hasPrefix("HTTP/1.") else { return false }
        self.bytes = self.bytes[(end + 4)...]
        let code = status.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let (body, isComplete, goesOn) = self.body(of: code, lines)
        // An echo is as long as the blanks in it, which are not compared.
        if body.hasPrefix(EchoUpstream.mark) { lines.removeAll { $0.lowercased().hasPrefix("content-length:") } }
        self.responses.append(
            RecordedResponse(
                statusLine: status, headers: RecordedResponse.normalized(lines),
                body: RecordedResponse.normalized(body: body), isComplete: isComplete))
        return goesOn
    }

    /// The body, whether it is whole, and whether another response may follow.
    private mutating func body(of code: Int, _ headers: [String]) -> (String, Bool, Bool) {
        func value(_ name: String) -> String? {
            headers.first { $0.lowercased().hasPrefix(name + ":") }
                .map { String($0.dropFirst(name.count + 1)).trimmingPrefix(" ").lowercased() }
        }
        if code == 101 { return ("", true, false) }
        if code < 200 || code == 204 || code == 304 || (self.isHead && self.finals == 0) { return ("", true, true) }
        if value("transfer-encoding") != nil { return self.chunkedBody() }
        if let length = value("content-length").flatMap({ Int($0) }) {
            let body = self.bytes.prefix(length)
            self.bytes = self.bytes.dropFirst(length)
            return (String(decoding: body, as: UTF8.self), body.count == length, body.count == length)
        }
        let body = String(decoding: self.bytes, as: UTF8.self)
        self.bytes = []
        return (body, self.isClosed, false)
    }

    private mutating func chunkedBody() -> (String, Bool, Bool) {
        var body = ""
        while let end = Self.find([13, 10], in: self.bytes) {
            let line = String(decoding: self.bytes[..<end], as: UTF8.self)
            guard let size = Int(line.split(separator: ";").first ?? "", radix: 16) else { return (body, false, false) }
            let start = end + 2
            if size == 0 {
                // Trailers end like a head, or there are none.
                let tail = self.bytes[start...]
                if tail.starts(with: [13, 10]) {
                    self.bytes = tail.dropFirst(2)
                    return (body, true, true)
                }
                guard let finish = Self.find([13, 10, 13, 10], in: tail) else { return (body, false, false) }
                body += "\n(trailers) " + String(decoding: tail[..<finish], as: UTF8.self).replacing("\r\n", with: ", ")
                self.bytes = tail[(finish + 4)...]
                return (body, true, true)
            }
            guard self.bytes.endIndex - start >= size + 2 else {
                body += String(decoding: self.bytes[start...], as: UTF8.self)
                self.bytes = []
                return (body, false, false)
            }
            body += String(decoding: self.bytes[start..<(start + size)], as: UTF8.self)
            self.bytes = self.bytes[(start + size + 2)...]
        }
        return (body, false, false)
    }

    static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        var index = bytes.startIndex
        while index <= bytes.endIndex - pattern.count {
            if bytes[index] == pattern[0], bytes[index...].starts(with: pattern) { return index }
            index += 1
        }
        return nil
    }
}
