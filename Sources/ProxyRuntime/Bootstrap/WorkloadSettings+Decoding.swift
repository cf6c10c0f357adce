// SPDX-License-Identifier: Apache-2.0

extension WorkloadSettings {
    init(tree: DocumentTree?) throws(BootstrapError) {
        self.init()
        guard let tree, tree != .null else { return }
        guard let members = tree.object else { throw BootstrapError(path: "malla", reason: "is not an object") }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let path = "malla.\(name)"
            switch name {
            case "join_token_file": self.joinTokenFile = try Self.text(value, path)
            case "trust_bundle_file": self.trustBundleFile = try Self.text(value, path)
            case "state_directory": self.stateDirectory = try Self.text(value, path)
            case "trust_domain": self.trustDomain = try Self.text(value, path)
            case "readiness_port": self.readinessPort = try Self.port(value, path)
            case "prometheus_port": self.prometheusPort = try Self.port(value, path)
            default: throw BootstrapError(path: path, reason: "unknown field")
            }
        }
    }

    private static func text(_ value: DocumentTree, _ path: String) throws(BootstrapError) -> String {
        guard let text = value.text, !text.isEmpty else { throw BootstrapError(path: path, reason: "is not a text") }
        return text
    }

    private static func port(_ value: DocumentTree, _ path: String) throws(BootstrapError) -> Int {
        guard let port = value.whole, (0...65535).contains(port) else {
            throw BootstrapError(path: path, reason: "is not a port")
        }
        return port
    }
}
