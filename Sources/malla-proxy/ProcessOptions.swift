// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// How the process runs.
struct ProcessOptions: ParsableArguments {
    enum DrainStrategy: String, ExpressibleByArgument, CaseIterable { case immediate }

    @Option(help: "Event loops for traffic, 1 to 256.")
    var concurrency: Int = 2

    @Option(help: "File to write the admin's address to, once it is bound.")
    var adminAddressPath: String?

    @Option(help: "Seconds that running requests may take to end, when the proxy stops or its listeners are drained (default: 5).")
    var drainTimeS: Int?

    @Option(help: "immediate: from the start of a drain on, each answer asks for its connection to be closed.")
    var drainStrategy: DrainStrategy = .immediate

    @Option(help: "The node's cluster, where the bootstrap does not say it.")
    var serviceCluster: String?

    @Option(help: "The node's id, where the bootstrap does not say it.")
    var serviceNode: String?

    func validate() throws {
        guard (1...256).contains(self.concurrency) else { throw ValidationError("--concurrency must be 1 to 256") }
        if let seconds = self.drainTimeS, !(0...86_400).contains(seconds) {
            throw ValidationError("--drain-time-s must be 0 to 86400")
        }
    }
}
