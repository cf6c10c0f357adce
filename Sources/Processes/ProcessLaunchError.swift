// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Why a process could not be started.
package struct ProcessLaunchError: Error, Sendable, Hashable, CustomStringConvertible {
    package var executable: String
    package var errorNumber: Int32

    package init(executable: String, errorNumber: Int32) {
        self.executable = executable
        self.errorNumber = errorNumber
    }

    package var description: String { "\(executable) could not be started: \(String(cString: strerror(errorNumber)))" }
}
