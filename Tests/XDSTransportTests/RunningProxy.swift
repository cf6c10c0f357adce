// SPDX-License-Identifier: Apache-2.0
import Logging
import ProxyRuntime

/// Our proxy, whole and in this process, for the length of a test.
enum RunningProxy {
    static func run(_ bootstrap: String, logger: Logger, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let bootstrap = try BootstrapReader.read(bootstrap)
        try StaticConfigurationCheck.check(bootstrap)
        let (signals, signalling) = AsyncStream<ProxySignal>.makeStream()
        let program = ProxyProgram(
            bootstrap: bootstrap, options: ProxyOptions(concurrency: 1), logLevel: LogLevelControl(.info), logger: logger,
            signals: signals)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await program.run() }
            let result = await Result { try await body() }
            // Twice: do not wait for what runs.
            signalling.yield(.stop)
            signalling.yield(.stop)
            try await group.waitForAll()
            try result.get()
        }
    }
}

extension Result where Failure == any Error, Success == Void {
    fileprivate init(_ body: () async throws -> Void) async {
        do {
            try await body()
            self = .success(())
        } catch {
            self = .failure(error)
        }
    }
}
