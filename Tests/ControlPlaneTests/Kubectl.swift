// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The real kubectl, with the kubeconfig of a `malla up`.
struct Kubectl: Sendable {
    /// Nil where it is not installed.
    static let binary: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/kubectl" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    var kubeconfig: String
    /// For its streams and caches.
    var directory: String

    /// - Parameter input: A manifest, for `-f -`.
    func callAsFunction(_ arguments: String..., input: String? = nil, editor: String? = nil) async throws -> ProgramRun.Outcome {
        try await launch(arguments, input: input, editor: editor).end()
    }

    /// One that goes on until it is stopped, such as a watch.
    func launch(_ arguments: [String], input: String? = nil, editor: String? = nil) throws -> ProgramRun {
        try ProgramRun(
            Self.binary ?? "", ["--kubeconfig", kubeconfig, "--cache-dir", directory + "/cache"] + arguments, input: input,
            environment: ["EDITOR": editor, "KUBECONFIG": nil], directory: directory)
    }
}
