// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Testing

@testable import HTTP2

@Suite struct HPACKTests {
    /// Found by nghttp: its decoder insists on being told.
    @Test func `a peer that lowers its table is told that none is used, once`() throws {
        let server = HTTP2Connection(role: .server)
        let get: [UInt8] = [0x82, 0x86, 0x84, 0x01, 0x01, 0x61]
        var bytes = ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        bytes.writeBytes([0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
        for stream in [1, 3] as [UInt8] { bytes.writeBytes([0, 0, 6, 1, 5, 0, 0, 0, stream] + get) }
        while try server.next(&bytes, now: .uptimeNanoseconds(0)) != nil {}
        _ = server.takeOutput()
        for (stream, first) in [(1, 0x20), (3, 0x88)] as [(UInt32, UInt8)] {
            server.sendResponse(ResponseHead(status: 200, headers: []), on: stream, endStream: true)
            var output = ByteBuffer()
            for part in server.takeOutput() { output.writeImmutableBuffer(part) }
            #expect(output.getInteger(at: 9, as: UInt8.self) == first)
        }
    }

    private func bytes(_ hex: String) -> ByteBuffer {
        let digits = hex.filter { !$0.isWhitespace }
        var buffer = ByteBuffer()
        var index = digits.startIndex
        while index < digits.endIndex {
            let next = digits.index(index, offsetBy: 2)
            buffer.writeInteger(UInt8(digits[index..<next], radix: 16) ?? 0)
            index = next
        }
        return buffer
    }

    private func text(_ list: FieldList) -> [String] {
        var lines: [String] = []
        for (name, pseudo) in [
            (":method", FieldList.Pseudo.method), (":scheme", .scheme), (":path", .path), (":authority", .authority),
            (":status", .status),
        ] { if let value = list[pseudo] { lines.append("\(name): \(value.string)") } }
        return lines + list.finish().pairs.map { "\($0.name): \($0.value)" }
    }

    /// RFC 7541 C.3, C.4 (Huffman) and C.6: the table lasts over the blocks of a connection.
    @Test(arguments: [
        [
            "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
            "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
        ],
        ["828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf", "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"],
    ])
    func `the examples of requests decode as the standard says`(blocks: [String]) throws {
        var decoder = HPACKDecoder()
        let limits = HTTP2Limits()
        #expect(
            try self.text(decoder.decode(self.bytes(blocks[0]), limits: limits)) == [
                ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com",
            ])
        #expect(
            try self.text(decoder.decode(self.bytes(blocks[1]), limits: limits)) == [
                ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache",
            ])
        #expect(
            try self.text(decoder.decode(self.bytes(blocks[2]), limits: limits)) == [
                ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com", "custom-key: custom-value",
            ])
    }

    @Test func `Huffman-coded answers with a table that evicts decode as the standard says`() throws {
        var table = DynamicTable(capacity: 256)
        for value in ["a", "b", "c"] { table.insert(FieldEntry(name: String(repeating: value, count: 60), value: "v")) }
        #expect(table.size == 186)
        #expect(table[0]?.line.getString(at: 0, length: 1) == "c")
        #expect(table[2] == nil)
        table.insert(FieldEntry(name: String(repeating: "d", count: 300), value: ""))
        #expect(table.size == 0)
        var decoder = HPACKDecoder()
        let block = self.bytes(
            "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3")
        #expect(
            try self.text(decoder.decode(block, limits: HTTP2Limits())) == [
                ":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
                "location: https://www.example.com",
            ])
    }

    @Test(arguments: [
        "80",  // index 0
        "be",  // beyond the table
        "ff808080808000",  // an integer without end
        "3fe2ff03",  // a table larger than allowed
        "8220",  // a resize behind a field
        "400a6b6579",  // a string longer than the block
        "0081ff00",  // a Huffman padding that is longer than seven bits
        "0084ffffffff00",  // EOS inside a string
        "00",  // ends early
    ])
    func `what is not HPACK ends the connection`(block: String) {
        var decoder = HPACKDecoder()
        #expect(throws: HTTP2Error.self) { try decoder.decode(self.bytes(block), limits: HTTP2Limits()) }
    }

    @Test(arguments: ["xYz", "x z", "x\r\ny", ":x", "x:"])
    func `a forbidden name stays forbidden when the table gives it back with another value`(name: String) throws {
        let literal = [0x40, UInt8(name.utf8.count)] + Array(name.utf8) + [1, 0x61]
        var decoder = HPACKDecoder()
        #expect(try decoder.decode(ByteBuffer(bytes: literal), limits: HTTP2Limits()).fault != nil)
        for first in [0x7E, 0x0F] as [UInt8] {
            // The first entry of the dynamic table, by name: 62 in six bits, and 15 + 47 in four.
            let block = ByteBuffer(bytes: first == 0x7E ? [first, 1, 0x62] : [first, 47, 1, 0x62])
            #expect(try decoder.decode(block, limits: HTTP2Limits()).fault != nil)
        }
    }

    @Test func `a name is free again after a value that was forbidden`() throws {
        var decoder = HPACKDecoder()
        #expect(try decoder.decode(ByteBuffer(bytes: [0x40, 1, 0x78, 1, 0x0A]), limits: HTTP2Limits()).fault != nil)
        let list = try decoder.decode(ByteBuffer(bytes: [0x7E, 1, 0x62]), limits: HTTP2Limits())
        #expect(self.text(list) == ["x: b"])
    }

    @Test func `every byte survives the Huffman automaton`() {
        // The code of RFC 7541 is canonical: "a" is 00011, "0" is 00000; padding is ones.
        #expect(self.decoded("1fff") == nil)
        #expect(self.decoded("1f") == "a")
        #expect(self.decoded("1f", room: 0) == nil)
    }

    private func decoded(_ code: String, room: Int = 8) -> String? {
        var space = [UInt8](repeating: 0, count: room)
        let count = self.bytes(code).withUnsafeReadableBytes { code in
            space.withUnsafeMutableBytes { HuffmanCode.decode(code, into: $0) }
        }
        return count.map { String(decoding: space.prefix($0), as: UTF8.self) }
    }

    @Test func `a field that one byte names again and again is held within the limit`() throws {
        var decoder = HPACKDecoder()
        var block = ByteBuffer()
        block.writeInteger(UInt8(0x40))
        block.writeInteger(UInt8(1))
        block.writeString("x")
        block.writeWithUnsafeMutableBytes(minimumWritableBytes: 8) { space in
            var encoder = HPACKEncoder(space)
            encoder.integer(4000, pattern: 0, bits: 7)
            return encoder.count
        }
        block.writeString(String(repeating: "y", count: 4000))
        block.writeRepeatingByte(0xBE, count: 200_000)
        let list = try decoder.decode(block, limits: HTTP2Limits())
        #expect(list.isTooLarge)
        #expect(list.builder.lines.readableBytes <= 60 << 10)
    }
}
