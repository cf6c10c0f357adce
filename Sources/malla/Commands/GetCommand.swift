// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import MeshResources

/// `malla get KIND [NAME]`
struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show resources.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "KIND [NAME…] or KIND/NAME…") var target: [String] = []
    @Option(name: .shortAndLong, help: "Namespace.") var namespace: String?
    @Flag(name: [.customShort("A"), .long], help: "Every namespace.") var allNamespaces = false
    @Option(name: [.customShort("l"), .long], help: "Label selector.") var selector: String?
    @Option(name: .shortAndLong, help: "yaml, json, wide or name.") var output: OutputForm?
    @Flag(name: .shortAndLong, help: "Go on with what changes.") var watch = false

    func run() async throws {
        try await reportingFailures {
            let targets = try KindArgument.targets(target)
            if watch, targets.count != 1 || targets[0].names.count > 1 {
                throw CommandFailure(.usage, "--watch takes one kind, and at most one name")
            }
            let kubeconfig = try connection.read()
            try await APIClient.with(kubeconfig) { client in
                let scope = allNamespaces ? nil : namespace ?? kubeconfig.namespace
                switch output {
                case nil, .wide: try await showTables(client, targets, scope)
                case .yaml, .json, .name: try await showObjects(client, targets, scope)
                }
            }
        }
    }

    private func showTables(_ client: APIClient, _ targets: [(kind: ResourceKind, names: [String])], _ scope: String?) async throws
    {
        var isEmpty = true
        for (kind, names) in targets {
            var view = TableView(kind: kind, withNamespace: scope == nil && kind.isNamespaced, isWide: output == .wide)
            var revision: String?
            for name in names.isEmpty ? [nil] : names.map(Optional.init) {
                let answer = try await client.get(path(kind, name, scope), query: query, accept: APIClient.tableType)
                guard answer.isSuccess else { throw answer.failure }
                revision = answer.tree["metadata"]?.string("resourceVersion")
                view.add(answer.tree)
            }
            if !view.isEmpty || watch {
                if !isEmpty { Console.print("") }
                isEmpty = false
                for line in view.lines() { Console.print(line) }
            }
            if watch { try await follow(client, kind, names.first, scope, revision, &view) }
        }
        if isEmpty { Console.error("No resources found\(scope.map { " in \($0) namespace" } ?? "")") }
    }

    private func follow(
        _ client: APIClient, _ kind: ResourceKind, _ name: String?, _ scope: String?, _ revision: String?, _ view: inout TableView
    ) async throws {
        var query = self.query
        if let name { query["fieldSelector"] = "metadata.name=\(name)" }
        if let revision { query["resourceVersion"] = revision }
        try await client.watch(path(kind, nil, scope), query: query, accept: APIClient.tableType) { event in
            guard let table = event["object"], table.string("kind") == "Table" else {
                if event.string("type") == "ERROR" {
                    throw CommandFailure(.notFine, event["object"]?.string("message") ?? "the watch failed")
                }
                return
            }
            for line in view.further(table) { Console.print(line) }
        }
    }

    private func showObjects(_ client: APIClient, _ targets: [(kind: ResourceKind, names: [String])], _ scope: String?) async throws
    {
        var items: [ManifestValue] = []
        for (kind, names) in targets {
            for name in names.isEmpty ? [nil] : names.map(Optional.init) {
                let answer = try await client.get(path(kind, name, scope), query: query)
                guard answer.isSuccess else { throw answer.failure }
                if name != nil { items.append(answer.tree) } else { items += answer.tree["items"]?.array ?? [] }
            }
        }
        let isSingle = targets.count == 1 && targets[0].names.count == 1
        if output == .name || isSingle || watch {
            for item in items { show(item) }
        } else {
            show(["apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .init(.array(items))])
        }
        guard watch, let (kind, names) = targets.first else { return }
        var query = self.query
        if let name = names.first { query["fieldSelector"] = "metadata.name=\(name)" }
        query["resourceVersion"] = items.compactMap { $0["metadata"]?.string("resourceVersion").flatMap(UInt64.init) }.max().map(
            String.init)
        try await client.watch(path(kind, nil, scope), query: query, accept: "application/json") { event in
            if let object = event["object"], event.string("type") != "BOOKMARK" { show(object) }
        }
    }

    private func show(_ tree: ManifestValue) {
        switch output {
        case .json: Console.print(JSONTreeWriter.pretty(tree))
        case .name:
            let kind = tree.string("kind").flatMap(ResourceKind.init(rawValue:))
            Console.print("\(kind?.qualifiedSingular ?? "")/\(tree["metadata"]?.string("name") ?? "")")
        default: Console.print((watch ? "---\n" : "") + String(YAMLTreeWriter.text(tree).dropLast()))
        }
    }

    private var query: [String: String] { selector.map { ["labelSelector": $0] } ?? [:] }

    private func path(_ kind: ResourceKind, _ name: String?, _ scope: String?) -> String {
        guard let name else { return ResourcePath.collection(kind, namespace: scope) }
        return ResourcePath.object(ResourceKey(kind: kind, namespace: scope ?? "default", name: name))
    }
}

/// What `-o` of `get` may be.
enum OutputForm: String, ExpressibleByArgument, CaseIterable { case yaml, json, wide, name }
