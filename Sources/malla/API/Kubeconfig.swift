// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// Where an API server is and how to prove oneself to it: one context of a kubeconfig file.
struct Kubeconfig: Sendable {
    var path: String
    var server: String
    var token: String?
    /// PEM.
    var authority: Data?
    var clientCertificate: Data?
    var clientKey: Data?
    var skipsVerification: Bool
    /// Of commands that name none.
    var namespace: String

    /// `--kubeconfig`, else `$KUBECONFIG`, else `~/.malla/kubeconfig`.
    static func defaultPath(given: String?, environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let given { return given }
        if let first = environment["KUBECONFIG"]?.split(separator: ":").first { return String(first) }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.malla/kubeconfig"
    }

    init(path: String, context wanted: String? = nil) throws {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure(
                .unreadableInput, "kubeconfig \(path) cannot be read; `malla up` writes one, --kubeconfig names another")
        }
        let (trees, error) = YAMLTreeReader.read(text, limits: .standard)
        if let error { throw CommandFailure(.unreadableInput, "kubeconfig \(path): \(error)") }
        guard let file = trees.first, let name = wanted ?? file.string("current-context") else {
            throw CommandFailure(.unreadableInput, "kubeconfig \(path) names no current context")
        }
        func entry(_ list: String, _ kind: String, _ name: String?) -> ManifestValue? {
            file[list]?.array?.first { $0.string("name") == name }?[kind]
        }
        guard let context = entry("contexts", "context", name) else {
            throw CommandFailure(.unreadableInput, "kubeconfig \(path) has no context \(name)")
        }
        guard let cluster = entry("clusters", "cluster", context.string("cluster")), let server = cluster.string("server") else {
            throw CommandFailure(.unreadableInput, "kubeconfig \(path): the cluster of context \(name) has no server")
        }
        let user = entry("users", "user", context.string("user")) ?? [:]
        for plugin in ["exec", "auth-provider"] where user[plugin] != nil {
            throw CommandFailure(
                .unreadableInput,
                "kubeconfig \(path): the user of context \(name) logs in by `\(plugin)`, which malla cannot; a token or a client "
                    + "certificate is needed")
        }
        let directory = URL(filePath: path).deletingLastPathComponent()
        func data(_ tree: ManifestValue, _ key: String) -> Data? {
            if let inline = tree.string(key + "-data") { return Data(base64Encoded: inline) }
            return tree.string(key).flatMap { try? Data(contentsOf: URL(filePath: $0, relativeTo: directory)) }
        }
        self.path = path
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        token = user.string("token") ?? data(user, "tokenFile").map { String(decoding: $0, as: UTF8.self) }
        authority = data(cluster, "certificate-authority")
        clientCertificate = data(user, "client-certificate")
        clientKey = data(user, "client-key")
        skipsVerification = cluster.bool("insecure-skip-tls-verify") ?? false
        namespace = context.string("namespace") ?? "default"
    }
}
