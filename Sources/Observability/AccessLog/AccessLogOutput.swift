// SPDX-License-Identifier: Apache-2.0

/// Takes finished access log lines. Called on event loops: it must not block.
package protocol AccessLogOutput: AnyObject, Sendable {
    func write(_ line: String, to path: String)
}
