// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOSSL

/// Why an API server could not be talked to, with what to do about it.
enum ConnectionFailure {
    static func message(_ error: any Error, server: String, kubeconfig: String) -> String {
        let text = String(describing: error)
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return """
                \(server) shows a certificate that the authority in \(kubeconfig) did not sign: the mesh's root has been replaced, \
                its data directory was made anew, or another server listens there; use the kubeconfig of the `malla up` that runs \
                (DATA-DIR/kubeconfig)
                """
        }
        if text.contains("failedToValidateHostname") {
            return "\(server) shows a certificate for other addresses; call it by the address that `malla up` listens on"
        }
        if text.contains("WRONG_VERSION_NUMBER") {
            return "\(server) does not speak TLS: another program listens there, or an older `malla up`"
        }
        return "\(server) (of \(kubeconfig)) cannot be reached: \(reason(error)); is `malla up` running?"
    }

    private static func reason(_ error: any Error) -> String {
        let text = String(describing: error)
        // NIO says which addresses it tried, one by one; of loopback that is more than anybody needs.
        for known in ["Connection refused", "Connection reset by peer", "No route to host", "Network is unreachable"]
        where text.contains(known) {
            return known.lowercased()
        }
        if text.contains("connectTimeout") { return "no connection in time" }
        if text.contains("deadlineExceeded") { return "no answer in time" }
        if text.contains("remoteConnectionClosed") { return "it closed the connection" }
        return text
    }
}
