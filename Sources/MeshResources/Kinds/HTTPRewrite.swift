// SPDX-License-Identifier: Apache-2.0

/// Changes path or authority before forwarding.
package struct HTTPRewrite: Sendable, Hashable {
    /// Replaces the matched prefix, or the whole path where the match is exact or a regex.
    package var uri: String?
    package var authority: String?
    package var uriRegexRewrite: RegexRewrite?

    package struct RegexRewrite: Sendable, Hashable {
        package var match: String
        package var rewrite: String
    }

    package init(_ tree: ManifestValue) {
        uri = tree.string("uri")
        authority = tree.string("authority")
        uriRegexRewrite = tree["uriRegexRewrite"].map {
            RegexRewrite(match: $0.string("match") ?? "", rewrite: $0.string("rewrite") ?? "")
        }
    }
}
