// SPDX-License-Identifier: Apache-2.0
import Logging
import Observability

/// Has certificates, keys and roots read again when their files change. A pair of which only one half has been written does not fit
/// together: it is left alone until the other half follows.
///
/// Lifecycle: `run` until cancelled.
struct CertificateFileWatch: Sendable {
    private let dataPlane: any DataPlane
    private let sleep: @Sendable () async throws -> Void
    private let logger: Logger

    init(
        dataPlane: any DataPlane,
        sleep: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: FileStamp.interval) },
        logger: Logger
    ) {
        self.dataPlane = dataPlane
        self.sleep = sleep
        self.logger = logger
    }

    func run() async throws {
        var stamps: [String: FileStamp?] = [:]
        while true {
            let files = self.dataPlane.certificateFiles
            stamps = stamps.filter { files.contains($0.key) }
            var changed: Set<String> = []
            for path in files {
                let stamp = FileStamp(path)
                // A file that is new to us has just been read, perhaps a moment before it changed.
                if stamps.updateValue(stamp, forKey: path) != .some(stamp) { changed.insert(path) }
            }
            if !changed.isEmpty { self.reload(changed) }
            try await self.sleep()
        }
    }

    private func reload(_ changed: Set<String>) {
        let failures = self.dataPlane.reloadCertificates(changed)
        let names = changed.sorted().joined(separator: " ")
        for failure in failures {
            self.logger.warning(
                "certificate files not taken over; what was read before stays",
                metadata: [LogKey.path: "\(names)", LogKey.error: "\(failure)"])
        }
        if failures.isEmpty { self.logger.info("certificate files read", metadata: [LogKey.path: "\(names)"]) }
    }
}
