// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import Sockets

struct ReadBuffersTests {
    private static func read(_ buffers: inout ReadBuffers, _ size: Int, _ byte: UInt8) -> ByteBuffer? {
        buffers.read(size) { memory in
            for index in 0..<min(3, memory.count) { memory[index] = byte }
            return 3
        }.bytes
    }

    @Test("memory that somebody holds is not written into again", arguments: [ReadBuffers.small, ReadBuffers.large])
    func held(_ size: Int) {
        var buffers = ReadBuffers()
        var kept: [ByteBuffer?] = []
        for byte in UInt8(1)...200 { kept.append(Self.read(&buffers, size, byte)) }
        for byte in UInt8(1)...200 {
            #expect(kept[Int(byte) - 1] == ByteBuffer(repeating: byte, count: 3))
        }
    }

    @Test("memory that nobody holds is used again") func reused() throws {
        var buffers = ReadBuffers()
        var addresses: Set<UInt> = []
        for byte in UInt8(1)...100 {
            let bytes = try #require(Self.read(&buffers, ReadBuffers.small, byte))
            bytes.withUnsafeReadableBytes { _ = addresses.insert(UInt(bitPattern: $0.baseAddress)) }
        }
        #expect(addresses.count == 1)
    }

    @Test("no more is offered than was asked for, and nothing comes of nothing") func size() {
        var buffers = ReadBuffers()
        for count in [0, -1] {
            let result = buffers.read(100) { memory in
                #expect(memory.count == 100)
                return count
            }
            #expect(result.count == count)
            #expect(result.bytes == nil)
        }
    }
}
