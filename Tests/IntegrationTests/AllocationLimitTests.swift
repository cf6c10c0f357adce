// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What a request costs the allocator, scenario by scenario, against the committed limits (Benchmarks/allocations.json).
@Suite struct AllocationLimitTests {
    private static let canCount: Bool = {
        #if os(Linux)
            BuiltPrograms.onPath("python3") != nil && BuiltPrograms.onPath("openssl") != nil
        #else
            // The counter stands in front of glibc's allocator.
            false
        #endif
    }()

    @Test(.enabled(if: canCount, "counting needs Linux, python3 and openssl"), .timeLimit(.minutes(5)))
    func `no scenario asks more of the allocator than its limit`() async throws {
        let counter = BuiltPrograms.source.appending(path: "Benchmarks/allocations.py").path
        let program = BuiltPrograms.directory.appending(path: "allocation-bench").path
        try await ProcessRig.with { rig in
            _ = try await rig.run(["python3", counter, program, "--requests", "300"], within: .seconds(240))
        }
    }
}
