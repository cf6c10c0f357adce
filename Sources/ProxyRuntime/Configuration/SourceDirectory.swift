// SPDX-License-Identifier: Apache-2.0
package import ProxyModel
import XDSProtocol

/// Which sources a bootstrap has ways to.
package struct SourceDirectory: Sendable {
    /// Secrets that the proxy has itself, whoever is said to deliver them.
    static let ownSecrets: Set<String> = ["default", "ROOTCA"]

    private let hasOwnSecrets: Bool
    private let faultOfSource: @Sendable (ConfigurationSource) -> String?

    package init(
        hasOwnSecrets: Bool = false, faultOfSource: @escaping @Sendable (ConfigurationSource) -> String? = { _ in nil }
    ) {
        self.hasOwnSecrets = hasOwnSecrets
        self.faultOfSource = faultOfSource
    }

    /// What is to be asked for.
    func subscriptions(_ names: ResourceReferences.Names, _ type: ResourceType) -> ResourceReferences.Names {
        guard type == .secret, self.hasOwnSecrets else { return names }
        return names.mapValues { $0.subtracting(Self.ownSecrets) }.filter { !$0.value.isEmpty }
    }

    /// Why not all of it can be asked for; nil if it can.
    func fault(in references: ResourceReferences) -> String? {
        for (type, names) in references.byType.sorted(by: { $0.key < $1.key }) {
            var seen: Set<String> = []
            for (source, names) in self.subscriptions(names, type).sorted(by: { "\($0.key)" < "\($1.key)" }) {
                if let fault = self.faultOfSource(source) { return fault }
                if let name = names.intersection(seen).min() {
                    return "\(type.shortName) '\(name)' is asked for from two sources"
                }
                seen.formUnion(names)
            }
        }
        return nil
    }
}
