// SPDX-License-Identifier: Apache-2.0

/// What a child process is started with.
package struct ProcessLaunch: Sendable, Hashable {
    package enum Input: Sendable, Hashable { case inherited, null, file(String) }
    package enum Output: Sendable, Hashable { case inherited, null, appended(toFile: String) }

    /// Searched on PATH when it holds no slash.
    package var executable: String
    /// Without the program's own name.
    package var arguments: [String]
    package var environment: [String: String]
    package var input: Input
    package var output: Output
    package var errors: Output
    /// Whether the child takes the terminal (when standard input is one).
    package var takesTerminal: Bool
    /// Sent to the child should this process be killed before it can stop it; `nil` lets the child outlive us.
    package var parentDeathSignal: Int32?

    package init(
        executable: String, arguments: [String], environment: [String: String], input: Input = .null, output: Output = .inherited,
        errors: Output = .inherited, takesTerminal: Bool = false, parentDeathSignal: Int32? = 15
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.input = input
        self.output = output
        self.errors = errors
        self.takesTerminal = takesTerminal
        self.parentDeathSignal = parentDeathSignal
    }
}
