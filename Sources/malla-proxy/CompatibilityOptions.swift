// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Options that Envoy's injectors and images pass. There is no hot restart: what only serves it means nothing here, and what asks for it
/// is refused.
struct CompatibilityOptions: ParsableArguments {
    @Option(help: "No hot restart: without effect.")
    var baseId: Int?

    @Flag(help: "No hot restart: without effect.")
    var useDynamicBaseId = false

    @Flag(help: "There is none.")
    var disableHotRestart = false

    @Option(help: "No hot restart: without effect.")
    var parentShutdownTimeS: Int?

    @Option(help: "No hot restart: only 0.")
    var restartEpoch: Int = 0

    @Flag(help: "Unknown fields are always refused.")
    var rejectUnknownDynamicFields = false

    @Flag(help: ArgumentHelp(visibility: .hidden))
    var allowUnknownFields = false

    @Flag(help: ArgumentHelp(visibility: .hidden))
    var allowUnknownStaticFields = false

    @Flag(help: ArgumentHelp(visibility: .hidden))
    var ignoreUnknownDynamicFields = false

    func validate() throws {
        guard self.restartEpoch == 0 else { throw ValidationError("--restart-epoch \(self.restartEpoch): there is no hot restart") }
        for (isGiven, name) in [
            (self.allowUnknownFields, "--allow-unknown-fields"), (self.allowUnknownStaticFields, "--allow-unknown-static-fields"),
            (self.ignoreUnknownDynamicFields, "--ignore-unknown-dynamic-fields"),
        ] where isGiven {
            throw ValidationError("\(name) is not supported: a field that is not acted on is refused, never left out")
        }
    }
}
