// SPDX-License-Identifier: Apache-2.0
import MeshTestKit

/// The bytes of an HTTP/2 connection in one direction, frame by frame, so that they can be changed and still be frames.
struct FrameBytes {
    struct Frame {
        var type: UInt8
        var flags: UInt8
        var stream: UInt32
        var payload: [UInt8]

        init(_ type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
            self.type = type
            self.flags = flags
            self.stream = stream
            self.payload = payload
        }

        var bytes: [UInt8] {
            let length = self.payload.count
            return [UInt8(length >> 16 & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), self.type, self.flags]
                + (0..<4).map { UInt8(self.stream >> (24 - 8 * $0) & 0xFF) } + self.payload
        }
    }

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    var hasPreface: Bool
    var frames: [Frame]

    init(hasPreface: Bool, _ frames: [Frame]) {
        self.hasPreface = hasPreface
        self.frames = frames
    }

    /// nil where the bytes are not whole frames.
    init?(_ bytes: [UInt8]) {
        self.hasPreface = bytes.starts(with: Self.preface)
        self.frames = []
        var rest = bytes[(self.hasPreface ? Self.preface.count : 0)...]
        while !rest.isEmpty {
            let header = Array(rest.prefix(9))
            guard header.count == 9 else { return nil }
            rest = rest.dropFirst(9)
            let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
            guard rest.count >= length else { return nil }
            let stream = header[5...].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            self.frames.append(Frame(header[3], flags: header[4], stream: stream, Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
    }

    var bytes: [UInt8] { (self.hasPreface ? Self.preface : []) + self.frames.flatMap(\.bytes) }

    mutating func change(_ mutator: inout Mutator) {
        guard !self.frames.isEmpty else { return }
        let index = mutator.below(self.frames.count)
        switch mutator.below(12) {
        case 0: self.frames.remove(at: index)
        case 1: self.frames.insert(self.frames[index], at: mutator.below(self.frames.count))
        case 2: self.frames.swapAt(index, mutator.below(self.frames.count))
        case 3: self.frames[index].type = UInt8(mutator.below(11))
        case 4: self.frames[index].flags ^= mutator.pick([1, 4, 8, 0x20, 0x80])
        case 5: self.frames[index].stream = mutator.pick([0, 1, 2, 3, 5, 7, 9, 0x7FFF_FFFF, 0x8000_0001])
        case 6 where self.frames[index].payload.count > 1:
            // A head that goes on in another frame, or a body in two.
            let cut = 1 + mutator.below(self.frames[index].payload.count - 1)
            var second = self.frames[index]
            second.payload = Array(second.payload[cut...])
            if second.type == 1 {
                second.type = 9
                second.flags &= 4
                self.frames[index].flags &= ~4
            }
            self.frames[index].payload.removeSubrange(cut...)
            self.frames.insert(second, at: index + 1)
        default: self.frames[index].payload = mutator.changed(self.frames[index].payload)
        }
    }
}
