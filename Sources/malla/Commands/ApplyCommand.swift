// SPDX-License-Identifier: Apache-2.0
import Analysis
import ArgumentParser
import MeshResources

/// `malla apply -f FILE|DIR|-`
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Make or change resources from files.",
        discussion: "Every mistake is named with its file and line. A document with a mistake is left out; the others are applied.")

    @OptionGroup var connection: ConnectionOptions
    @Option(name: [.customShort("f"), .long], help: "File, directory or - for standard input; any number of times.")
    var filename: [String] = []
    @Flag(name: [.customShort("R"), .long], help: "Also the directories below a directory.") var recursive = false
    @Option(name: .shortAndLong, help: "Namespace of resources that name none.") var namespace: String?
    @Flag(help: "Check, also by the server, and change nothing.") var dryRun = false
    @Option(name: .shortAndLong, help: "json: one line a resource as JSON.") var output: String?

    func validate() throws {
        guard !filename.isEmpty else { throw ValidationError("-f FILE, -f DIRECTORY or -f - is needed") }
        guard output == nil || output == "json" else { throw ValidationError("-o must be json") }
    }

    func run() async throws {
        try await reportingFailures {
            let kubeconfig = try connection.read()
            let check = ManifestCheck(
                try ManifestInput.read(
                    filename, recursive: recursive, namespace: namespace, otherwise: kubeconfig.namespace))
            for line in check.lines { Console.finding(line) }
            guard !check.isEmpty else { throw CommandFailure(.unreadableInput, "no resources in the input") }
            let failed = try await APIClient.with(kubeconfig) { client in
                let failed = try await check.refused + apply(check, ManifestApplication(client: client, isDryRun: dryRun))
                if !dryRun { try await analyze(check, client) }
                return failed
            }
            if failed > 0 {
                throw CommandFailure(.notFine, failed == 1 ? "1 document was not applied" : "\(failed) documents were not applied")
            }
        }
    }

    /// The number of resources that the server refused.
    private func apply(_ check: ManifestCheck, _ application: ManifestApplication) async throws -> Int {
        var failed = 0
        let resources = check.accepted
        // Namespaces first: what lies in them needs them.
        let ordered = resources.filter { $0.resource.kind == .namespace } + resources.filter { $0.resource.kind != .namespace }
        var known = Set(ordered.filter { $0.resource.kind == .namespace }.map(\.resource.metadata.name))
        for accepted in ordered {
            let (resource, place) = (accepted.resource, accepted.place)
            do {
                let namespace = resource.key.namespace
                if resource.kind.isNamespaced, known.insert(namespace).inserted, try await application.makeNamespace(namespace) {
                    report("namespace/\(namespace)", "created")
                }
                let (outcome, warnings) = try await application.apply(resource)
                for warning in warnings
                where !warning.hasPrefix("[IST") && !check.messages.contains(where: warning.contains) {
                    Console.finding("\(place): warning: \(warning)")
                }
                report("\(resource.kind.qualifiedSingular)/\(resource.metadata.name)", outcome.rawValue)
            } catch let failure as CommandFailure where failure.kind == .notFine {
                Console.finding("\(place): \(failure.message)")
                failed += 1
            }
        }
        return failed
    }

    /// What the mesh has to say about what was applied: once, at the end, when everything that belongs together is there.
    private func analyze(_ check: ManifestCheck, _ client: APIClient) async throws {
        var subject = AnalysisSubject()
        for resource in try await LiveResources.all(client) { subject.add(resource) }
        let origins = Set(check.accepted.map { AnalysisSubject.origin(of: $0.resource.key) })
        for finding in subject.findings() where origins.contains(finding.origin) && !finding.isOfSchema && finding.severity != .info
        {
            Console.finding(finding.line)
        }
    }

    private func report(_ resource: String, _ outcome: String) {
        if output == "json" {
            Console.print(
                JSONTreeWriter.compact([
                    "resource": .init(.string(resource)), "outcome": .init(.string(outcome)), "dryRun": .init(.bool(dryRun)),
                ]))
        } else {
            Console.print("\(resource) \(outcome)\(dryRun ? " (server dry run)" : "")")
        }
    }
}
