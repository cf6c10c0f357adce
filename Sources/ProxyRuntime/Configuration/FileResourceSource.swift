// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import Observability
import XDSClient
import XDSProtocol

/// Feeds an agent from files, and again whenever one of them has been changed or replaced.
///
/// Lifecycle: `run` until cancelled.
struct FileResourceSource: Sendable {
    /// What tells one state of a file from another without reading it.
    private struct Stamp: Hashable {
        var modified: Date?
        var size: UInt64
        var inode: UInt64
    }

    /// How often files are looked at.
    static let interval: Duration = .milliseconds(250)

    /// In make-before-break order.
    private let paths: [(type: ResourceType, path: String)]
    private let agent: ConfigurationAgent
    private let sleep: @Sendable () async throws -> Void
    private let logger: Logger

    init(
        paths: [ResourceType: String], agent: ConfigurationAgent,
        sleep: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: FileResourceSource.interval) },
        logger: Logger
    ) {
        self.paths = paths.sorted { $0.key < $1.key }.map { (type: $0.key, path: $0.value) }
        self.agent = agent
        self.sleep = sleep
        self.logger = logger
    }

    func run() async throws {
        var stamps: [ResourceType: Stamp?] = [:]
        while true {
            for (type, path) in self.paths {
                let stamp = Self.stamp(path)
                if let seen = stamps[type], seen == stamp { continue }
                stamps[type] = .some(stamp)
                await self.load(type, path)
            }
            try await self.sleep()
        }
    }

    private func load(_ type: ResourceType, _ path: String) async {
        let resources: [XDSResource]
        do {
            resources = try ResourceFile.read(path, type)
        } catch {
            self.logger.warning("file not taken over; what runs stays", metadata: [LogKey.error: "\(error)"])
            return
        }
        let known = await self.agent.status.table.names(of: type)
        let update = ResourceUpdate(
            type: type, upserted: resources, removed: known.subtracting(resources.map(\.name)).sorted())
        // The agent says what it refuses.
        if await self.agent.apply(update) == .accepted {
            self.logger.info(
                "file taken over", metadata: [LogKey.path: "\(path)", LogKey.resourceType: "\(type.shortName)"])
        }
    }

    /// Nil for a file that is not there.
    private static func stamp(_ path: String) -> Stamp? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        // A link is followed: directories of Kubernetes' config maps are swapped by one.
        let target =
            (attributes[.type] as? FileAttributeType) == .typeSymbolicLink
            ? try? FileManager.default.attributesOfItem(atPath: (path as NSString).resolvingSymlinksInPath) : attributes
        guard let target else { return nil }
        return Stamp(
            modified: target[.modificationDate] as? Date, size: (target[.size] as? NSNumber)?.uint64Value ?? 0,
            inode: (target[.systemFileNumber] as? NSNumber)?.uint64Value ?? 0)
    }
}
