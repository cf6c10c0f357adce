// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE

/// The files of one mesh, held by one control plane at a time.
package final class DataDirectory: Sendable {
    package let path: String
    private let lock: Int32

    /// Makes the directory (0700) where it is missing and takes its lock; an error names who holds it.
    package init(path: String) throws {
        self.path = path
        for directory in [path, path + "/run", path + "/ca"] {
            do {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw ControlPlaneError(.dataDirectory, "data directory \(directory) cannot be made: \(error.localizedDescription)")
            }
        }
        let file = path + "/lock"
        lock = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw ControlPlaneError(.dataDirectory, "\(file) cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? String(contentsOfFile: file, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
            close(lock)
            throw ControlPlaneError(
                .held, "data directory \(path) is in use by another `malla up` (pid \(holder.isEmpty ? "unknown" : holder))")
        }
        let pid = Array("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
        guard ftruncate(lock, 0) == 0, pwrite(lock, pid, pid.count, 0) == pid.count else {
            close(lock)
            throw ControlPlaneError(.dataDirectory, "\(file) cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(lock) }

    package var storeFile: String { path + "/store.sqlite" }
    package var authorityDirectory: String { path + "/ca" }
    package var kubeconfigFile: String { path + "/kubeconfig" }
    package var trustBundleFile: String { path + "/ca/trust-bundle.pem" }
    /// Where the running control plane answers; gone when it has stopped orderly.
    package var runningFile: String { path + "/run/control-plane.json" }
    private var apiTokenFile: String { path + "/api-token" }

    /// The API's credential, made on first start and kept, so that a kubeconfig outlives a restart.
    package func apiToken() throws -> String {
        if let kept = try? String(contentsOfFile: apiTokenFile, encoding: .utf8), kept.utf8.count >= 43 { return kept }
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next() as UInt64) { Array($0) } }
        let token = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        try PrivateFile.write(token, to: apiTokenFile)
        return token
    }
}
