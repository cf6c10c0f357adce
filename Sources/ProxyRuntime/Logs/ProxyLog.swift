// SPDX-License-Identifier: Apache-2.0

/// Where the proxy's own log goes: standard error, or a file.
package final class ProxyLog: Sendable {
    private let path: String
    private let files = LogFiles()

    /// - Parameter path: Nil: standard error.
    package init(path: String? = nil) { self.path = path ?? "/dev/stderr" }

    /// False if nothing can be written there.
    package func write(_ text: String) -> Bool { self.files.write(Array(text.utf8), to: self.path) }

    /// Opens the file anew at the next line: log rotation has moved it.
    package func reopen() { self.files.closeAll() }
}
