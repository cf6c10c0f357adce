// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Asks a sidecar's admin port whether it has its certificate and its configuration.
package struct ReadinessProbe: Sendable {
    package var address: String
    package var limit: Duration

    package init(address: String, limit: Duration) {
        self.address = address
        self.limit = limit
    }

    /// Returns when the sidecar is ready; throws with the end of its log when it is not within the limit, or keeps ending.
    package func wait(for sidecar: SidecarSupervisor, directory: WorkloadDirectory) async throws {
        let request = HTTPClientRequest(url: "http://\(address):\(SidecarPorts.admin)/ready")
        let deadline = ContinuousClock.now + limit
        var last = "it did not answer"
        while true {
            do {
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(2))
                if response.status == .ok { return }
                let body = try? await response.body.collect(upTo: 4096)
                last = "\(response.status.code) \(body.map { String(buffer: $0) } ?? "")"
            } catch {
                try Task.checkCancellation()
            }
            let endings = sidecar.endings
            guard ContinuousClock.now < deadline, endings < 4 else {
                let log = directory.tail(of: "proxy.log")
                let what = endings < 4 ? "is not ready after \(limit): \(last)" : "ended \(endings) times and was never ready"
                throw RunFailure("the sidecar \(what)\n\(log)\n(the whole log: \(directory.file("proxy.log")))")
            }
            try await Task.sleep(for: .milliseconds(25))
        }
    }
}
