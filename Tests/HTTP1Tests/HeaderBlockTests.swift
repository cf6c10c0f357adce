// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import HTTP1

struct HeaderBlockTests {
    @Test(arguments: KnownHeader.allCases) func `a known header is recognised in any case`(header: KnownHeader) {
        for name in [header.name, header.name.uppercased()] {
            let found = Array(name.utf8).withUnsafeBytes { KnownHeader(name: $0) }
            #expect(found == header)
        }
        let longer = Array((header.name + "x").utf8).withUnsafeBytes { KnownHeader(name: $0) }
        #expect(longer == .other)
        #expect(HeaderName(header).known == header)
    }

    @Test func `what was removed is not found, and what was added is`() {
        var block = HeaderBlock([("via", "a"), ("x-one", "1"), ("via", "b")])
        #expect(block.combined("via")?.string == "a,b")
        block.remove(.via)
        #expect(!block.contains(.via))
        #expect(block.first(.via) == nil)
        block.set(.server, "malla")
        block.set(.upstreamServiceTime, decimal: 120)
        block.set(.upstreamServiceTime, decimal: 0)
        block.add(.via, "c" as StaticString)
        block.rename("x-one", to: "x-forwarded-host")
        #expect(block.contains(.forwardedHost))
        #expect(
            block.pairs.map { "\($0.name)=\($0.value)" }
                == ["x-forwarded-host=1", "server=malla", "x-envoy-upstream-service-time=0", "via=c"])
    }

    @Test func `a block takes more fields and longer ones than it was made for`() throws {
        var bytes = ByteBuffer(string: "GET / HTTP/1.1\r\nhost: a\r\n")
        for number in 0..<60 { bytes.writeString("x-\(number): received\r\n") }
        bytes.writeString("\r\n")
        var parser = RequestHeadParser()
        var block = try #require(try parser.next(&bytes)).headers
        #expect(block.count == 61)
        for number in 0..<60 { block.add(HeaderName("y-\(number)"), String(repeating: "v", count: number * 20)) }
        block.add("z", String(repeating: "w", count: 70_000))
        #expect(block.count == 122)
        #expect(block.first("x-59")?.string == "received")
        #expect(block.first("y-0")?.string == "")
        #expect(block.first("y-59")?.string == String(repeating: "v", count: 1180))
        #expect(block.first("z")?.count == 70_000)
        #expect(block.first(.host)?.string == "a")
        var written = ByteBuffer()
        HeadWriter.write(block, into: &written)
        let text = String(buffer: written)
        #expect(text.hasPrefix("host: a\r\nx-0: received\r\n"))
        #expect(text.contains("x-59: received\r\ny-0: \r\ny-1: vvvvvvvvvvvvvvvvvvvv\r\n"))
    }

    @Test func `copies do not see each other's changes`() {
        var one = HeaderBlock([("a", "1"), ("b", "2")])
        var other = one
        other.set("a", "3")
        other.remove("b" as HeaderName)
        one.add("c", "4")
        var third = other
        third.rename("a", to: "d")
        #expect(one.pairs.map { "\($0.name)=\($0.value)" } == ["a=1", "b=2", "c=4"])
        #expect(other.pairs.map { "\($0.name)=\($0.value)" } == ["a=3"])
        #expect(third.pairs.map { "\($0.name)=\($0.value)" } == ["d=3"])
    }

    @Test func `an empty block can be asked, and filled`() {
        var block = HeaderBlock()
        block.remove(.via)
        block.remove("x-a" as HeaderName)
        block.removeForbiddenInTrailers()
        #expect(block.isEmpty && block.heldBytes == 0 && block.pairs.isEmpty && block.first(.via) == nil)
        let copy = block
        block.add(.via, "a" as StaticString)
        #expect(block.count == 1 && copy.isEmpty)
    }

    @Test(arguments: [0, 9, 10, 99, 100, 12345, 9_999_999_999_999_999_999, 10_000_000_000_000_000_000, UInt64.max])
    func `numbers are written as their digits`(number: UInt64) {
        var buffer = ByteBuffer()
        DecimalText.write(number, into: &buffer)
        #expect(String(buffer: buffer) == String(number))
    }

    @Test(arguments: ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "CONNECT", "TRACE", "PURGE", "GE", "GETS"])
    func `a method keeps its name`(name: String) {
        #expect(HTTPMethod(name).name == name)
        if case .other = HTTPMethod(name) { #expect(["PURGE", "GE", "GETS"].contains(name)) }
    }

    @Test func `control characters are found wherever they stand`() {
        for length in [1, 15, 16, 17, 33, 64] {
            for place in 0..<length {
                for (byte, ends) in [(UInt8(0), true), (0x1F, true), (0x7F, true), (0x09, false), (0x80, false), (0x20, false)] {
                    var bytes = [UInt8](repeating: 0x61, count: length)
                    bytes[place] = byte
                    #expect(bytes.withUnsafeBytes { ASCII.endOfFieldValue($0, from: 0) } == (ends ? place : length))
                }
            }
        }
    }

    @Test func `token characters are those of RFC 9110`() {
        let tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
        for byte in UInt8.min...UInt8.max { #expect(ASCII.isToken(byte) == tokens.contains(byte)) }
    }
}
