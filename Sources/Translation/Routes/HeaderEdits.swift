// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Header operations of a route or a destination.
struct HeaderEdits: Hashable {
    var requestToAdd: [Wire.HeaderOption] = []
    var requestToRemove: [String] = []
    var responseToAdd: [Wire.HeaderOption] = []
    var responseToRemove: [String] = []
    /// A `set` of `host` or `:authority`, which Envoy only takes as a rewrite.
    var authority: String?

    /// `set` replaces, `add` appends. Sorted by name, because the maps they come from have no order.
    static func options(set: [String: String], add: [String: String]) -> [Wire.HeaderOption] {
        option(set, .overwriteIfExistsOrAdd) + option(add, .appendIfExistsOrAdd)
    }

    /// Names that Envoy refuses to have edited.
    static func isProtected(_ name: String) -> Bool { name.hasPrefix(":") || name.lowercased() == "host" }

    private static func option(
        _ headers: [String: String], _ action: Envoy_Config_Core_V3_HeaderValueOption.HeaderAppendAction
    ) -> [Wire.HeaderOption] {
        headers.sorted { $0.key < $1.key }.filter { !isProtected($0.key) }.map { name, value in
            .with {
                $0.header.key = name
                $0.header.value = HeaderValueFormat.safe(value)
                $0.appendAction = action
                $0.keepEmptyValue = true
            }
        }
    }
}
