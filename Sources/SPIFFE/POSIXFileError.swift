// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A failed file operation, with the file's name but never its content.
package struct POSIXFileError: Error, CustomStringConvertible {
    package let call: String
    package let path: String
    package let code: Int32

    package var description: String { "\(self.call) \(self.path): \(String(cString: strerror(self.code)))" }
}
