// SPDX-License-Identifier: Apache-2.0
import ServiceLifecycle

/// A part of the process that is no `Service` of its own.
struct ServiceClosure: Service {
    private let body: @Sendable () async throws -> Void

    init(_ body: @escaping @Sendable () async throws -> Void) { self.body = body }

    func run() async throws { try await body() }
}
