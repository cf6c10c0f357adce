// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A stock Envoy and malla-proxy, started from the same file.
struct ProxyPair: Sendable {
    let envoy: ProxyUnderTest
    let malla: ProxyUnderTest
    /// Holds a folder for each proxy, `envoy` and `malla`, with its `log` and its `admin-address`.
    let directory: String

    var both: [ProxyUnderTest] { [self.envoy, self.malla] }

    /// Both are gone when this returns, and what they wrote.
    ///
    /// - Parameters:
    ///   - kind: Whose listeners have to be there; nil: any one.
    ///   - bootstrap: Gets the directory, for what the file names.
    static func run(
        of kind: BootstrapFile? = nil, envoyOptions: [String] = [], bootstrap: (String) async throws -> String,
        _ body: (ProxyPair) async throws -> Void
    ) async throws {
        let directory = NSTemporaryDirectory() + "malla-differential-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = "\(directory)/bootstrap.yaml"
        try await bootstrap(directory).write(toFile: file, atomically: true, encoding: .utf8)
        let envoy = try await ProxyUnderTest.start(
            DifferentialTests.envoy ?? "", ["--use-dynamic-base-id", "--log-level", "error"] + envoyOptions, bootstrap: file,
            of: kind, directory: "\(directory)/envoy")
        let outcome: Result<Void, any Error>
        do {
            let malla = try await ProxyUnderTest.start(
                DifferentialTests.proxy, ["--log-level", "error"], bootstrap: file, of: kind, directory: "\(directory)/malla")
            do {
                try await body(ProxyPair(envoy: envoy, malla: malla, directory: directory))
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            await malla.stop()
        } catch {
            outcome = .failure(error)
        }
        await envoy.stop()
        try outcome.get()
    }

    /// Ports of the admin listeners.
    func admins() throws -> (theirs: Int, ours: Int) {
        (try AdminShapeTests.admin("\(self.directory)/envoy"), try AdminShapeTests.admin("\(self.directory)/malla"))
    }
}
