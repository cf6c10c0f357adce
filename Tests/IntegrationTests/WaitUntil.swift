// SPDX-License-Identifier: Apache-2.0

/// Waits until `condition` holds; one that throws does not hold yet.
func waitUntil(_ what: String, within limit: Duration, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    var last = ""
    while true {
        do {
            if try await condition() { return }
        } catch {
            last = ": \(error)"
        }
        guard ContinuousClock.now < deadline else { throw TestFailure("waited \(limit) for \(what)\(last)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
