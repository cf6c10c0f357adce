// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A request to the admin port.
package struct AdminRequest: Sendable, Hashable {
    package var method: String
    package var path: String
    /// `include_eds` without a value is there with an empty one.
    package var query: [String: String]

    package init(method: String, target: String) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.path = parts.first.map(String.init) ?? "/"
        self.query = [:]
        guard parts.count > 1 else { return }
        for pair in parts[1].split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(sides[0])
            let value = sides.count > 1 ? String(sides[1]) : ""
            self.query[name.removingPercentEncoding ?? name] = value.removingPercentEncoding ?? value
        }
    }
}
