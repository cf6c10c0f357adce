// SPDX-License-Identifier: Apache-2.0

/// Which other origins a browser may call from.
package struct CORSPolicy: Sendable, Hashable {
    package var allowOrigins: [StringMatch]
    package var allowMethods: [String]
    package var allowHeaders: [String]
    package var exposeHeaders: [String]
    package var maxAge: Duration?
    package var allowCredentials: Bool?
    /// `FORWARD` or `IGNORE`.
    package var unmatchedPreflights: String?

    package init(_ tree: ManifestValue) {
        allowOrigins =
            tree.list("allowOrigins", StringMatch.init) + (tree.strings("allowOrigin") ?? []).map { StringMatch.exact($0) }
        allowMethods = tree.strings("allowMethods") ?? []
        allowHeaders = tree.strings("allowHeaders") ?? []
        exposeHeaders = tree.strings("exposeHeaders") ?? []
        maxAge = tree.duration("maxAge")
        allowCredentials = tree.bool("allowCredentials")
        unmatchedPreflights = tree.string("unmatchedPreflights")
    }
}
