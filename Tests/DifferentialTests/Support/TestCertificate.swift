// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing

/// A certificate that vouches for itself, by openssl.
enum TestCertificate {
    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first { FileManager.default.isExecutableFile(atPath: $0) }

    /// Leaves `cert.pem` and `key.pem`.
    static func make(in directory: String, names: String) async throws {
        let log = "\(directory)/openssl"
        let process = try await ChildProcess.start(
            ProcessLaunch(
                executable: Self.openssl ?? "",
                arguments: [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                    "/CN=a", "-addext", "subjectAltName=\(names)", "-keyout", "\(directory)/key.pem", "-out",
                    "\(directory)/cert.pem",
                ],
                environment: [:], output: .appended(toFile: log), errors: .appended(toFile: log), parentDeathSignal: SIGKILL))
        try #require(await process.ended(within: .seconds(30)) == .exited(0))
    }
}
