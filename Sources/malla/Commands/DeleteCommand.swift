// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import MeshResources
import NIOHTTP1

/// `malla delete KIND NAME…`, `malla delete -f FILE`
struct DeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "delete", abstract: "Delete resources by name, selector or file.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "KIND NAME… or KIND/NAME…") var target: [String] = []
    @Option(name: [.customShort("f"), .long], help: "What these files, directories or - hold.") var filename: [String] = []
    @Flag(name: [.customShort("R"), .long], help: "Also the directories below a directory.") var recursive = false
    @Option(name: .shortAndLong, help: "Namespace.") var namespace: String?
    @Option(name: [.customShort("l"), .long], help: "Label selector.") var selector: String?
    @Flag(help: "Every resource of the kind in the namespace.") var all = false
    @Flag(help: "What is not there counts as deleted.") var ignoreNotFound = false

    func validate() throws {
        guard target.isEmpty != filename.isEmpty else { throw ValidationError("say what to delete: KIND NAME, or -f FILE") }
    }

    func run() async throws {
        try await reportingFailures {
            let kubeconfig = try connection.read()
            let scope = namespace ?? kubeconfig.namespace
            let failed = try await APIClient.with(kubeconfig) { client in
                var failed = 0
                for key in try await keys(client, scope) {
                    let answer = try await client.send(.DELETE, ResourcePath.object(key))
                    if answer.isSuccess {
                        Console.print("\(key.kind.qualifiedSingular) \"\(key.name)\" deleted")
                    } else if !(answer.status == 404 && ignoreNotFound) {
                        Console.error(answer.failure.message)
                        failed += 1
                    }
                }
                return failed
            }
            if failed > 0 { throw CommandFailure(.notFine, "") }
        }
    }

    private func keys(_ client: APIClient, _ scope: String) async throws -> [ResourceKey] {
        guard filename.isEmpty else {
            let resources = try ManifestInput.read(filename, recursive: recursive, namespace: scope).flatMap(\.documents)
            let unusable = resources.filter { $0.resource == nil }
            for document in unusable {
                for diagnostic in document.diagnostics { Console.error(diagnostic.rendered(file: nil)) }
            }
            // Backwards: what was made last goes first.
            return resources.compactMap { $0.resource?.key }.reversed()
        }
        var keys: [ResourceKey] = []
        for (kind, names) in try KindArgument.targets(target) {
            keys += names.map { ResourceKey(kind: kind, namespace: scope, name: $0) }
            guard names.isEmpty else { continue }
            guard all || selector != nil else { throw CommandFailure(.usage, "a name, -l SELECTOR or --all is needed") }
            let query = selector.map { ["labelSelector": $0] } ?? [:]
            let answer = try await client.get(ResourcePath.collection(kind, namespace: scope), query: query)
            guard answer.isSuccess else { throw answer.failure }
            for item in answer.tree["items"]?.array ?? [] {
                if let name = item["metadata"]?.string("name") {
                    keys.append(ResourceKey(kind: kind, namespace: scope, name: name))
                }
            }
        }
        return keys
    }
}
