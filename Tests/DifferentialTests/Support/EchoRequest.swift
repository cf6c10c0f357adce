// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A request as it stood on the wire.
struct EchoRequest {
    var lines: [String]
    var body: [UInt8]
    var trailers: [String] = []

    var method: Substring { self.lines.first?.split(separator: " ").first ?? "" }
    var target: Substring { self.lines.first?.split(separator: " ").dropFirst().first ?? "" }

    /// The value of `answer=` in the target.
    var answer: String {
        guard let start = self.target.range(of: "answer=") else { return "" }
        return String(self.target[start.upperBound...].prefix { $0 != "&" && $0 != "#" })
    }

    /// Which attempt of the proxy's it is, as far as it says so.
    var attempt: Int { self.value("x-envoy-attempt-count").flatMap { Int($0) } ?? 1 }

    func has(_ header: String) -> Bool { self.lines.contains { $0.lowercased().hasPrefix(header + ":") } }

    private func value(_ name: String) -> String? {
        self.lines.first { $0.lowercased().hasPrefix(name + ":") }
            .map { $0.dropFirst(name.count + 1).lowercased().trimmingCharacters(in: .whitespaces) }
    }

    /// Nil while the request is not whole; bytes that are none are given back as a request of their own.
    static func take(from bytes: inout [UInt8]) -> EchoRequest? {
        guard let end = ResponseReader.find([13, 10, 13, 10], in: bytes[...]) else { return nil }
        var request = EchoRequest(lines: Self.text(bytes[..<end]).components(separatedBy: "\r\n"), body: [])
        var rest = bytes[(end + 4)...]
        if request.has("transfer-encoding") {
            while true {
                guard let line = ResponseReader.find([13, 10], in: rest),
                    let size = Int(Self.text(rest[..<line]).prefix { $0 != ";" }, radix: 16)
                else { return nil }
                rest = rest[(line + 2)...]
                if size == 0 { break }
                guard rest.count >= size + 2 else { return nil }
                request.body += rest.prefix(size)
                rest = rest.dropFirst(size + 2)
            }
            if rest.starts(with: [13, 10]) {
                rest = rest.dropFirst(2)
            } else {
                guard let finish = ResponseReader.find([13, 10, 13, 10], in: rest) else { return nil }
                request.trailers = Self.text(rest[..<finish]).components(separatedBy: "\r\n")
                rest = rest[(finish + 4)...]
            }
        } else if let length = request.value("content-length").flatMap({ Int($0) }) {
            guard rest.count >= length else { return nil }
            request.body = Array(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        bytes = Array(rest)
        return request
    }

    /// Bytes outside of ASCII as `\xNN`.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var text = ""
        for byte in bytes {
            if byte < 0x80 { text.unicodeScalars.append(Unicode.Scalar(byte)) } else { text += "\\x" + String(byte, radix: 16) }
        }
        return text
    }
}
