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
            let scope = allNamespaces ? nil : namespace ?? kubeconfig.namespace
            let missing = try await APIClient.with(kubeconfig) { client in
                switch output {
                case nil, .wide: try await showTables(client, targets, scope)
                case .yaml, .json, .name: try await showObjects(client, targets, scope)
                }
            }
            if missing > 0 { throw CommandFailure(.notFine, "") }
        }
    }

    /// The number of names that are not there.
    private func showTables(_ client: APIClient, _ targets: [KindArgument.Target], _ scope: String?) async throws -> Int {
        var isEmpty = true
        var missing = 0
        for (kind, names) in targets {
            var view = TableView(
                kind: kind, withNamespace: scope == nil && kind.isNamespaced, isWide: output == .wide, namesKind: targets.count > 1)
            var revision: String?
            for name in names.isEmpty ? [nil] : names.map(Optional.init) {
                guard let tree = try await found(client, kind, name, scope, accept: APIClient.tableType) else {
                    missing += 1
                    continue
                }
                revision = tree["metadata"]?.string("resourceVersion")
                view.add(tree)
            }
            if !view.isEmpty || watch {
                if !isEmpty { Console.print("") }
                isEmpty = false
                for line in view.lines() { Console.print(line) }
            }
            if watch, missing == 0 {
                try await follow(client, kind, names.first, scope, revision, accept: APIClient.tableType) { object in
                    for line in view.further(object) { Console.print(line) }
                }
            }
        }
        if isEmpty, missing == 0 {
            let isNamespaced = targets.contains { $0.kind.isNamespaced }
            Console.error("No resources found" + (isNamespaced ? scope.map { " in \($0) namespace." } ?? "" : ""))
        }
        return missing
    }

    private func showObjects(_ client: APIClient, _ targets: [KindArgument.Target], _ scope: String?) async throws -> Int {
        var items: [ManifestValue] = []
        var missing = 0
        var revision: String?
        for (kind, names) in targets {
            for name in names.isEmpty ? [nil] : names.map(Optional.init) {
                guard let tree = try await found(client, kind, name, scope, accept: "application/json") else {
                    missing += 1
                    continue
                }
                revision = tree["metadata"]?.string("resourceVersion")
                if name != nil { items.append(tree) } else { items += tree["items"]?.array ?? [] }
            }
        }
        let isSingle = targets.count == 1 && targets[0].names.count == 1
        if output == .name || isSingle || watch {
            for item in items { show(item) }
        } else {
            show(["apiVersion": "v1", "kind": "List", "metadata": ["resourceVersion": ""], "items": .init(.array(items))])
        }
        guard watch, missing == 0, let (kind, names) = targets.first else { return missing }
        try await follow(client, kind, names.first, scope, revision, accept: "application/json") { show($0) }
        return 0
    }

    /// Nil, after saying so, for a name that is not there.
    private func found(_ client: APIClient, _ kind: ResourceKind, _ name: String?, _ scope: String?, accept: String) async throws
        -> ManifestValue?
    {
        let answer = try await client.get(path(kind, name, scope), query: query, accept: accept)
        if answer.isSuccess { return answer.tree }
        guard name != nil, answer.status == 404 else { throw answer.failure }
        Console.finding("malla: \(answer.failure.message)")
        return nil
    }

    /// Until it is stopped. The server ends a watch now and then; it is taken up again where it ended.
    private func follow(
        _ client: APIClient, _ kind: ResourceKind, _ name: String?, _ scope: String?, _ revision: String?, accept: String,
        _ changed: (ManifestValue) -> Void
    ) async throws {
        var query = self.query
        if let name { query["fieldSelector"] = "metadata.name=\(name)" }
        query["allowWatchBookmarks"] = "true"
        var revision = revision
        while true {
            let start = ContinuousClock.now
            query["resourceVersion"] = revision
            try await client.watch(path(kind, nil, scope), query: query, accept: accept) { event in
                let object = event["object"] ?? [:]
                if event.string("type") == "ERROR" {
                    throw CommandFailure(.notFine, object.string("message") ?? "the watch failed")
                }
                revision = object["metadata"]?.string("resourceVersion") ?? revision
                if event.string("type") != "BOOKMARK" { changed(object) }
            }
            // A server that is stopping ends one watch after the other at once.
            try await Task.sleep(until: start + .seconds(1))
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
