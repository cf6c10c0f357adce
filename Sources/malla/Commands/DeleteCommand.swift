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
    @Flag(help: "Ask the server whether it would, and change nothing.") var dryRun = false

    func validate() throws {
        guard target.isEmpty != filename.isEmpty else { throw ValidationError("say what to delete: KIND NAME, or -f FILE") }
        if target.count == 1, !target[0].contains("/"), selector == nil, !all {
            throw ValidationError("a name, -l SELECTOR or --all is needed")
        }
    }

    func run() async throws {
        try await reportingFailures {
            let kubeconfig = try connection.read()
            let scope = namespace ?? kubeconfig.namespace
            let failed = try await APIClient.with(kubeconfig) { client in
                let named = try await keys(client, scope)
                var failed = named.unusable
                if named.keys.isEmpty, failed == 0 { Console.error("No resources found") }
                for key in named.keys {
                    let answer = try await client.send(
                        .DELETE, ResourcePath.object(key), query: dryRun ? ["dryRun": "All"] : [:])
                    if answer.isSuccess {
                        Console.print(
                            "\(key.kind.qualifiedSingular) \"\(key.name)\" deleted\(dryRun ? " (server dry run)" : "")")
                    } else if !(answer.status == 404 && ignoreNotFound) {
                        Console.finding(answer.failure.message)
                        failed += 1
                    }
                }
                return failed
            }
            if failed > 0 { throw CommandFailure(.notFine, "") }
        }
    }

    /// What is named, and how many documents name nothing that could be there.
    private func keys(_ client: APIClient, _ scope: String) async throws -> (keys: [ResourceKey], unusable: Int) {
        guard filename.isEmpty else {
            let inputs = try ManifestInput.read(filename, recursive: recursive, namespace: namespace, otherwise: scope)
            var keys: [ResourceKey] = []
            var unusable = 0
            for input in inputs {
                for document in input.documents {
                    // A resource may be deleted whatever is wrong about it, but not another namespace's in its place.
                    let mistaken = document.diagnostics.filter { $0.code == .conflict && $0.path == "metadata.namespace" }
                    if let resource = document.resource, mistaken.isEmpty {
                        keys.append(resource.key)
                    } else {
                        for diagnostic in document.resource == nil ? document.diagnostics : mistaken {
                            Console.finding(diagnostic.rendered(file: input.name))
                        }
                        unusable += 1
                    }
                }
            }
            guard !keys.isEmpty || unusable > 0 else { throw CommandFailure(.unreadableInput, "no resources in the input") }
            // Backwards: what was made last goes first.
            return (keys.reversed(), unusable)
        }
        var keys: [ResourceKey] = []
        for (kind, names) in try KindArgument.targets(target) {
            keys += names.map { ResourceKey(kind: kind, namespace: scope, name: $0) }
            guard names.isEmpty else { continue }
            let query = selector.map { ["labelSelector": $0] } ?? [:]
            let answer = try await client.get(ResourcePath.collection(kind, namespace: scope), query: query)
            guard answer.isSuccess else { throw answer.failure }
            for item in answer.tree["items"]?.array ?? [] {
                if let name = item["metadata"]?.string("name") {
                    keys.append(ResourceKey(kind: kind, namespace: scope, name: name))
                }
            }
        }
        return (keys, 0)
    }
}
