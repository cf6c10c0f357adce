// SPDX-License-Identifier: Apache-2.0
import Analysis
import ArgumentParser
import MeshResources

/// `malla analyze [FILE…]`
struct AnalyzeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analyze", abstract: "Find what is wrong with the mesh, though each resource is right by itself.",
        discussion: """
            Without files, the running mesh; with files, what they would be alone; with files and --use-kube, the running mesh \
            as it would be with them. Codes and output are istioctl's. Exit code 1 when there is an error; warnings do not count.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Option(name: [.customShort("f"), .long], help: "File, directory or - for standard input; any number of times.")
    var filename: [String] = []
    @Argument(help: "Files and directories, as with -f.") var files: [String] = []
    @Flag(help: "With files: look at the running mesh too.") var useKube = false
    @Flag(name: [.customShort("R"), .long], help: "Also the directories below a directory.") var recursive = false
    @Option(name: .shortAndLong, help: "Only findings of this namespace.") var namespace: String?
    @Option(name: .shortAndLong, help: "json, or nothing for people.") var output: String?

    func validate() throws {
        guard output == nil || output == "json" else { throw ValidationError("-o must be json") }
    }

    func run() async throws {
        try await reportingFailures {
            let named = filename + files
            var subject = AnalysisSubject()
            if named.isEmpty || useKube {
                let kubeconfig = try connection.read()
                let live = try await APIClient.with(kubeconfig) { try await LiveResources.all($0) }
                for resource in live { subject.add(resource) }
            }
            if !named.isEmpty {
                for input in try ManifestInput.read(named, recursive: recursive, namespace: nil, otherwise: namespace ?? "default")
                {
                    subject.add(input)
                }
                guard !subject.isEmpty else { throw CommandFailure(.unreadableInput, "no resources in the input") }
            }
            let findings = subject.findings().filter { namespace == nil || $0.namespace == namespace || $0.namespace == "" }
            report(findings)
            if findings.contains(where: { $0.severity == .error }) {
                throw CommandFailure(.notFine, output == "json" ? "" : "Analyzers found issues.")
            }
        }
    }

    private func report(_ findings: [ReportedFinding]) {
        if output == "json" { return Console.print(JSONTreeWriter.pretty(.init(.array(findings.map(\.tree))))) }
        for finding in findings { Console.print(finding.line) }
        if findings.isEmpty {
            Console.print("\u{2714} No validation issues found\(namespace.map { " when analyzing namespace: \($0)" } ?? "").")
        }
    }
}
