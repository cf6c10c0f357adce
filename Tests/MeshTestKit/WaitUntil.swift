// SPDX-License-Identifier: Apache-2.0

/// A condition that did not come to hold in time.
package struct WaitTimeout: Error, CustomStringConvertible {
    package var description: String
}

/// Waits until `condition` holds; one that throws does not hold yet. For what happens in other processes: within one, wait
/// for the event itself.
package func waitUntil(_ what: String, within limit: Duration, _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    var last = ""
    while true {
        do {
            if try await condition() { return }
        } catch {
            last = ": \(error)"
        }
        guard ContinuousClock.now < deadline else { throw WaitTimeout(description: "waited \(limit) for \(what)\(last)") }
        try await Task.sleep(for: .milliseconds(20))
    }
}
