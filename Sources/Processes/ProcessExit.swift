// SPDX-License-Identifier: Apache-2.0

/// How a process ended.
package enum ProcessExit: Sendable, Hashable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    /// As a shell tells it: the exit code, or 128 and the signal's number.
    package var code: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let number): 128 &+ number
        }
    }

    package var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let number): "signal \(number)"
        }
    }
}
