// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Lines for people and scripts; unbuffered, so that a reader at the other end of a pipe sees each at once.
enum Console {
    static func print(_ text: String) { write(text, to: 1) }

    static func error(_ text: String) { write(text, to: 2) }

    /// A line that says `error:` or `warning:`.
    static func finding(_ text: String) { write(TerminalStyle(descriptor: 2).finding(text), to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array((text + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // Nobody reads any more: there is nobody to tell.
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
