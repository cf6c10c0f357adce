// SPDX-License-Identifier: Apache-2.0

/// The namespaces that `exportTo` opens, one by one; nil for all of them.
enum ExportScope {
    static func scopes(_ exportTo: [String]?, in namespace: String) -> [String?] {
        guard let exportTo, !exportTo.isEmpty, !exportTo.contains("*") else { return [nil] }
        return Set(exportTo.map { $0 == "." ? namespace : $0 }).sorted()
    }
}
