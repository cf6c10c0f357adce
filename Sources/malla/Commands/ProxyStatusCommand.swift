// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import MeshResources

/// `malla proxy-status`
struct ProxyStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy-status", abstract: "Show how far each proxy has followed the configuration.", aliases: ["ps"])

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "Only the proxy of this name (NAME.NAMESPACE).") var proxy: String?
    @Option(name: .shortAndLong, help: "json, or nothing for people.") var output: String?

    private static let types = ["CDS", "LDS", "EDS", "RDS"]

    func validate() throws {
        guard output == nil || output == "json" else { throw ValidationError("-o must be json") }
    }

    func run() async throws {
        try await reportingFailures {
            let kubeconfig = try connection.read()
            let answer = try await APIClient.with(kubeconfig) { try await $0.get("/debug/syncz") }
            guard answer.isSuccess else { throw answer.failure }
            var proxies = answer.tree.array ?? []
            if let proxy {
                proxies = proxies.filter { $0.string("proxy") == proxy || $0.string("node_id") == proxy }
                guard !proxies.isEmpty else { throw CommandFailure(.notFine, "no proxy \(proxy) is connected") }
            }
            if output == "json" { return Console.print(JSONTreeWriter.pretty(.init(.array(proxies)))) }
            guard !proxies.isEmpty else { return Console.error("No proxies are connected.") }
            show(proxies)
        }
    }

    private func show(_ proxies: [ManifestValue]) {
        let rows = proxies.map { proxy -> [String] in
            let states = Self.types.map { proxy["types"]?[$0]?.string("state") ?? "NOT SENT" }
            return [proxy.string("proxy") ?? "", proxy.string("cluster_id") ?? ""] + states
                + ["malla", proxy.string("user_agent") ?? "", proxy.string("protocol") ?? ""]
        }
        let headings = ["NAME", "CLUSTER"] + Self.types + ["ISTIOD", "PROXY", "PROTOCOL"]
        for line in TextTable(headings: headings, rows: rows).lines() { Console.print(line) }
        for proxy in proxies {
            for type in Self.types {
                guard let error = proxy["types"]?[type]?.string("error") else { continue }
                Console.print("\n\(proxy.string("proxy") ?? "") rejected \(type): \(error)")
            }
        }
    }
}
