// SPDX-License-Identifier: Apache-2.0

/// Equality selectors over labels.
package enum LabelMatch {
    /// Every pair of the selector stands in the labels; an empty selector matches all.
    package static func matches(_ selector: [String: String], _ labels: [String: String]) -> Bool {
        selector.allSatisfy { labels[$0.key] == $0.value }
    }
}
