// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import MeshResources

/// `malla validate -f FILE|DIR|-`
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check resources in files, without a control plane.",
        discussion: """
            The checks are those of `malla apply`: fields, types, and the rules of each kind. What only the mesh can know, such \
            as whether a host exists, is not asked. Exit code 1 when a document is not valid; warnings do not count.
            """)

    @Option(name: [.customShort("f"), .long], help: "File, directory or - for standard input; any number of times.")
    var filename: [String] = []
    @Argument(help: "Files and directories, as with -f.") var files: [String] = []
    @Flag(name: [.customShort("R"), .long], help: "Also the directories below a directory.") var recursive = false
    @Option(name: .shortAndLong, help: "Namespace of resources that name none.") var namespace: String?
    @Option(name: .shortAndLong, help: "json, or nothing for people.") var output: String?

    func validate() throws {
        guard !(filename + files).isEmpty else { throw ValidationError("-f FILE, -f DIRECTORY or -f - is needed") }
        guard output == nil || output == "json" else { throw ValidationError("-o must be json") }
    }

    func run() async throws {
        try await reportingFailures {
            let inputs = try ManifestInput.read(filename + files, recursive: recursive, namespace: namespace, otherwise: "default")
            let check = ManifestCheck(inputs)
            guard !check.isEmpty else { throw CommandFailure(.unreadableInput, "no resources in the input") }
            if output == "json" {
                Console.print(JSONTreeWriter.pretty(Self.report(inputs, isValid: check.refused == 0)))
            } else {
                for line in check.lines { Console.finding(line) }
                for input in inputs where !input.documents.contains(where: \.hasErrors) {
                    let count = input.documents.count
                    Console.print("\(input.name): \(count == 1 ? "1 document is" : "\(count) documents are") valid")
                }
            }
            guard check.refused == 0 else {
                let count = check.refused == 1 ? "1 document is" : "\(check.refused) documents are"
                throw CommandFailure(.notFine, output == "json" ? "" : "\(count) not valid")
            }
        }
    }

    private static func report(_ inputs: [ManifestInput], isValid: Bool) -> ManifestValue {
        let documents = inputs.flatMap { input in
            input.documents.map { document -> ManifestValue in
                [
                    "file": .init(.string(input.name)), "name": .init(.string(document.name)),
                    "valid": .init(.bool(!document.hasErrors)), "findings": .init(.array(document.diagnostics.map(finding))),
                ]
            }
        }
        return ["valid": .init(.bool(isValid)), "documents": .init(.array(documents))]
    }

    private static func finding(_ diagnostic: Diagnostic) -> ManifestValue {
        var tree: ManifestValue = [
            "severity": .init(.string(diagnostic.severity.rawValue)), "code": .init(.string(diagnostic.code.rawValue)),
            "path": .init(.string(diagnostic.path)), "message": .init(.string(diagnostic.message)),
        ]
        if let suggestion = diagnostic.suggestion { tree["suggestion"] = .init(.string(suggestion)) }
        if let position = diagnostic.position {
            tree["line"] = .init(.integer(Int64(position.line)))
            tree["column"] = .init(.integer(Int64(position.column)))
        }
        return tree
    }
}
