// SPDX-License-Identifier: Apache-2.0

/// Conditions on a request; all that are set must hold.
package struct HTTPMatchRequest: Sendable, Hashable {
    package var name: String?
    package var uri: StringMatch?
    package var scheme: StringMatch?
    package var method: StringMatch?
    package var authority: StringMatch?
    package var headers: [String: StringMatch]
    /// The request matches when none of these does.
    package var withoutHeaders: [String: StringMatch]
    package var queryParams: [String: StringMatch]
    package var ignoreUriCase: Bool
    package var port: Int?
    /// Labels of the calling workload.
    package var sourceLabels: [String: String]
    package var sourceNamespace: String?
    package var gateways: [String]
    package var statPrefix: String?

    package init(_ tree: ManifestValue) {
        name = tree.string("name")
        uri = tree["uri"].map(StringMatch.init)
        scheme = tree["scheme"].map(StringMatch.init)
        method = tree["method"].map(StringMatch.init)
        authority = tree["authority"].map(StringMatch.init)
        headers = StringMatch.map(tree["headers"])
        withoutHeaders = StringMatch.map(tree["withoutHeaders"])
        queryParams = StringMatch.map(tree["queryParams"])
        ignoreUriCase = tree.bool("ignoreUriCase") ?? false
        port = tree.int("port")
        sourceLabels = tree.stringMap("sourceLabels") ?? [:]
        sourceNamespace = tree.string("sourceNamespace")
        gateways = tree.strings("gateways") ?? []
        statPrefix = tree.string("statPrefix")
    }
}
