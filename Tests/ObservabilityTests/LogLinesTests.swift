// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Observability

@Suite struct LogLinesTests {
    /// Lines of these lengths, each of its own letter; in order and whole, whatever memory they meet.
    @Test(arguments: [
        [1], [4095, 1, 1], [4096, 4096], [5000], [65_536, 1], [65_537], [200_000, 3, 70_000], Array(repeating: 450, count: 1000),
        [0, 0, 60_000, 60_000, 10],
    ])
    func `lines come out whole and in order`(_ lengths: [Int]) {
        var lines = LogLines()
        var handedOn: [[UInt8]] = []
        var wanted: [UInt8] = []
        for (index, length) in lengths.enumerated() {
            let text = [UInt8](repeating: 0x41 + UInt8(index % 26), count: length)
            wanted += text
            let full = lines.write { line in
                // In pieces, so that the end of the memory is met within a line.
                for start in stride(from: 0, to: length, by: 100) {
                    text[start..<min(start + 100, length)].withUnsafeBytes { line.append($0) }
                }
            }
            if let full { handedOn.append(full) }
        }
        #expect(handedOn.allSatisfy { !$0.isEmpty })
        if lines.count > 0 { handedOn.append(lines.take()) }
        #expect(Array(handedOn.joined()) == wanted)
        #expect(lines.count == 0 && lines.take().isEmpty)
    }

    @Test func `literals of every length are whole wherever the memory ends`() throws {
        for length in 0...20 {
            let literal = String("abcdefghijklmnopqrst".prefix(length))
            let format = try AccessLogFormat(text: "<\(literal)%ROUTE_NAME%\(literal)>")
            var lines = LogLines()
            let entry = AccessLogEntry(startTime: 0, wireProtocol: .http11)
            // The first memory of 4 KiB ends within one of the lines, at every place for one length or another.
            for _ in 0..<500 {
                let full = lines.write { line in format.write(entry, to: &line) { _, _ in false } }
                #expect(full == nil)
            }
            let wanted = String(repeating: "<\(literal)-\(literal)>", count: 500)
            #expect(String(decoding: lines.bytes, as: UTF8.self) == wanted)
        }
    }

    @Test func `many lines are handed on in large pieces`() {
        var lines = LogLines()
        let text = [UInt8](repeating: 0x78, count: 450)
        var sizes: [Int] = []
        for _ in 0..<1000 {
            if let full = lines.write({ line in text.withUnsafeBytes { line.append($0) } }) { sizes.append(full.count) }
        }
        #expect(sizes.count == 6 && sizes.allSatisfy { $0 > 65_536 - 450 && $0 <= 65_536 })
    }

    @Test func `what is taken back may end before what did not fit`() {
        var lines = LogLines()
        _ = lines.write { line in
            line.append("first ")
            let start = line.count
            for _ in 0..<1000 { line.append("0123456789") }
            line.limit(from: start, to: 3)
            line.append("|")
        }
        #expect(String(decoding: lines.bytes, as: UTF8.self) == "first 012|")
    }

    @Test(
        arguments: [
            0, 1, 9, 10, 11, 99, 100, 999, 1000, 1001, 123_456_789, -1, -10, .max, .min, 1_000_000_000_000_000_000,
            999_999_999_999_999_999,
        ] as [Int64])
    func `numbers`(_ number: Int64) {
        var lines = LogLines()
        _ = lines.write { line in
            line.append(number)
            line.append(" ")
            line.append(digits: number.magnitude, atLeast: 4)
        }
        let magnitude = String(number.magnitude)
        let padded = String(repeating: "0", count: max(0, 4 - magnitude.count)) + magnitude
        #expect(String(decoding: lines.bytes, as: UTF8.self) == "\(number) \(padded)")
    }

    @Test func `the largest number`() {
        var lines = LogLines()
        _ = lines.write { line in line.append(digits: .max) }
        #expect(String(decoding: lines.bytes, as: UTF8.self) == "18446744073709551615")
    }
}
