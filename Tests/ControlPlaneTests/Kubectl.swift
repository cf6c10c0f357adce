// SPDX-License-Identifier: Apache-2.0
import MeshTestKit

/// The real kubectl, with the kubeconfig of a `malla up`.
struct Kubectl: Sendable {
    /// Nil where it is not installed.
    static let binary: String? = ProgramRun.path(of: "kubectl")

    var kubeconfig: String
    /// For its caches.
    var directory: String

    /// - Parameter input: A manifest, for `-f -`.
    func callAsFunction(_ arguments: String..., input: String = "", editor: String? = nil) async throws -> ProgramRun.Outcome {
        try await launch(arguments, input: input, editor: editor).end()
    }

    /// One that goes on until it is stopped, such as a watch.
    func launch(_ arguments: [String], input: String = "", editor: String? = nil) async throws -> ProgramRun {
        try await ProgramRun.start(
            Self.binary ?? "", ["--kubeconfig", kubeconfig, "--cache-dir", directory + "/cache"] + arguments, input: input,
            environment: ["EDITOR": editor, "KUBECONFIG": nil])
    }
}
