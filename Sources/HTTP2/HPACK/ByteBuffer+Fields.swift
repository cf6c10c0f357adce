// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension ByteBuffer {
    /// The bytes at an absolute index; nil if they are not all there.
    func viewBytes(at index: Int, length: Int) -> ByteBufferView? {
        guard length >= 0 else { return nil }
        return self.getSlice(at: index, length: length)?.readableBytesView
    }
}
