// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import Observability
import Synchronization
import XDSClient
import XDSProtocol

/// Feeds an agent from files, and again whenever one of them has been changed or replaced.
///
/// Lifecycle: `run` until cancelled.
final class FileResourceSource: Sendable {
    private struct Key: Hashable, Comparable {
        var type: ResourceType
        var path: String

        /// Make before break.
        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.type, lhs.path) < (rhs.type, rhs.path) }
    }

    private enum Wanted: Hashable {
        case everything
        case names(Set<String>)
    }

    private struct Seen: Hashable {
        var stamp: FileStamp?
        var wanted: Wanted
    }

    private let wanted: Mutex<[Key: Wanted]>
    private let agent: ConfigurationAgent
    private let sleep: @Sendable () async throws -> Void
    private let logger: Logger

    /// - Parameter paths: Files that hold all of a type.
    init(
        paths: [ResourceType: String], agent: ConfigurationAgent,
        sleep: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: FileStamp.interval) },
        logger: Logger
    ) {
        var wanted: [Key: Wanted] = [:]
        for (type, path) in paths { wanted[Key(type: type, path: path)] = .everything }
        self.wanted = Mutex(wanted)
        self.agent = agent
        self.sleep = sleep
        self.logger = logger
    }

    /// Replaces the names that are wanted of a type, by file.
    func subscribe(to type: ResourceType, _ names: [String: Set<String>]) {
        self.wanted.withLock { wanted in
            wanted = wanted.filter { $0.key.type != type || $0.value == .everything }
            for (path, names) in names where !names.isEmpty { wanted[Key(type: type, path: path)] = .names(names) }
        }
    }

    func run() async throws {
        var seen: [Key: Seen] = [:]
        while true {
            let wanted = self.wanted.withLock { $0 }
            seen = seen.filter { wanted[$0.key] != nil }
            for (key, names) in wanted.sorted(by: { $0.key < $1.key }) {
                let now = Seen(stamp: FileStamp(key.path), wanted: names)
                if seen.updateValue(now, forKey: key) != now { await self.load(key, names) }
            }
            // What was loaded may name other files.
            if self.wanted.withLock({ $0 }) == wanted { try await self.sleep() }
        }
    }

    private func load(_ key: Key, _ wanted: Wanted) async {
        let resources: [XDSResource]
        do {
            resources = try ResourceFile.read(key.path, key.type)
        } catch {
            self.logger.warning("file not taken over; what runs stays", metadata: [LogKey.error: "\(error)"])
            return
        }
        let update: ResourceUpdate
        switch wanted {
        case .everything:
            let known = await self.agent.status.table.names(of: key.type)
            update = ResourceUpdate(
                type: key.type, upserted: resources, removed: known.subtracting(resources.map(\.name)).sorted())
        case .names(let names):
            update = ResourceUpdate(type: key.type, upserted: resources.filter { names.contains($0.name) }, removed: [])
        }
        // The agent says what it refuses.
        if await self.agent.apply(update) == .accepted {
            self.logger.info(
                "file taken over", metadata: [LogKey.path: "\(key.path)", LogKey.resourceType: "\(key.type.shortName)"])
        }
    }
}
