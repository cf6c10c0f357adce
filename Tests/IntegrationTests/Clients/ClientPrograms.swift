// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Clients that tests use where they are installed.
enum ClientPrograms {
    static let curl = has(["curl", "--version"]) && openssl
    static let h2load = has(["h2load", "--version"]) && openssl
    static let nghttp = has(["nghttp", "--version"]) && openssl
    static let websockets = has(["python3", "-c", "import websockets"]) && openssl
    /// Makes the proxy's certificate.
    private static let openssl = has(["openssl", "version"])

    private static func has(_ command: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
