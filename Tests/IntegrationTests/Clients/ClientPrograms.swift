// SPDX-License-Identifier: Apache-2.0
import MeshTestKit

/// Clients that tests use where they are installed.
enum ClientPrograms {
    static let curl = has("curl") && openssl
    static let h2load = has("h2load") && openssl
    static let nghttp = has("nghttp") && openssl
    /// Makes the proxy's certificate.
    static let openssl = has("openssl")

    private static func has(_ program: String) -> Bool { ProgramRun.path(of: program) != nil }

    /// Whether this machine's Python has a module.
    static func python(has module: String) async -> Bool {
        (try? await ProgramRun.run("python3", ["-c", "import \(module)"]))?.code == 0
    }
}
