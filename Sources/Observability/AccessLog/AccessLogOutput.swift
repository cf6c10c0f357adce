// SPDX-License-Identifier: Apache-2.0

/// Takes finished access log lines, many at once. Called on event loops: it must not block.
package protocol AccessLogOutput: AnyObject, Sendable {
    func write(_ lines: [UInt8], to path: String)
}
