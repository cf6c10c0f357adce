// SPDX-License-Identifier: Apache-2.0

/// How the live view's table is laid out, for terminals of 96 columns and more, and for those of 80.
struct TrafficColumns: Sendable, Hashable {
    /// Columns of `FROM → TO`, and of a step's title.
    var edge: Int
    var storyTitle: Int
    /// Of requests per second, success, p50, p99 and mTLS, each with the gap before it.
    var widths: [Int]
    var versionUnit: String
    var versionSeparator: String
    var heading: String

    static let wide = TrafficColumns(
        edge: 34, storyTitle: 24, widths: [8, 10, 10, 10, 6], versionUnit: " %", versionSeparator: "  ",
        heading: " FROM → TO                            REQ/S   SUCCESS       P50       P99  mTLS  VERSIONS")
    static let narrow = TrafficColumns(
        edge: 31, storyTitle: 22, widths: [6, 8, 8, 8, 5], versionUnit: "", versionSeparator: " ",
        heading: " FROM → TO                       REQ/S SUCCESS     P50     P99 mTLS  VERSIONS %")
}
