// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The terminal without echo and line editing, on its alternate screen; put back by `restore`.
final class RawTerminal: Sendable {
    private let before: termios

    init() {
        var settings = termios()
        tcgetattr(0, &settings)
        before = settings
        settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(0, TCSANOW, &settings)
        write("\u{1b}[?1049h\u{1b}[?25l")
    }

    func restore() {
        write("\u{1b}[?25h\u{1b}[?1049l")
        var settings = before
        tcsetattr(0, TCSANOW, &settings)
    }

    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (100, 30) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// Keys as they are pressed; ends with the input.
    func keys() -> AsyncStream<Character> {
        AsyncStream { continuation in
            let thread = Thread {
                var byte: UInt8 = 0
                while read(0, &byte, 1) == 1 { continuation.yield(Character(UnicodeScalar(byte))) }
                continuation.finish()
            }
            thread.start()
        }
    }
}
