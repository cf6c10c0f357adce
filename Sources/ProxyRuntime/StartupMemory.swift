// SPDX-License-Identifier: Apache-2.0
import CProcessMemory

/// What only the start of the proxy needed: reading a bootstrap touches most of the program once, and a page that was touched stays.
enum StartupMemory {
    private static let interval: Duration = .milliseconds(100)

    /// Gives it back as soon as the proxy takes traffic.
    static func release(whenLive readiness: ReadinessGate) async throws {
        while readiness.state != .live { try await Task.sleep(for: self.interval) }
        malla_release_startup_memory()
    }
}
