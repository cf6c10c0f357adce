// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// How a command finds the API server.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "Kubeconfig file; without it $KUBECONFIG, else ~/.malla/kubeconfig.") var kubeconfig: String?
    @Option(help: "Context of the kubeconfig; without it its current one.") var context: String?
    @Option(help: "Data directory of `malla up`, whose kubeconfig is used.") var dataDir: String?

    func read() throws -> Kubeconfig {
        let path = kubeconfig ?? dataDir.map { $0 + "/kubeconfig" }
        return try Kubeconfig(path: Kubeconfig.defaultPath(given: path), context: context)
    }
}
