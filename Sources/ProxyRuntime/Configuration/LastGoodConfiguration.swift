// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
package import Logging
import Observability
import SwiftProtobuf
import Synchronization
import XDSProtocol

/// The accepted resources on disk, for a start without a control plane. Written whole, 0600, off the caller's thread, and only
/// the newest state counts: a burst of updates is few writes.
package final class LastGoodConfiguration: Sendable {
    private struct State {
        var pending: ResourceTable?
        var isWriting = false
        /// Whether the last write failed: said once, not for every update.
        var hasFailed = false
    }

    private let path: String
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "malla.last-good")
    private let logger: Logger

    package init(directory: String, logger: Logger) {
        self.path = "\(directory)/last-good.pb"
        self.logger = logger
    }

    /// Nil if there is none.
    package func load() throws(BootstrapError) -> ResourceTable? {
        guard FileManager.default.fileExists(atPath: self.path) else { return nil }
        guard let data = FileManager.default.contents(atPath: self.path) else {
            throw BootstrapError(path: self.path, reason: "cannot be read")
        }
        guard let saved = try? Envoy_Service_Discovery_V3_DeltaDiscoveryResponse(serializedBytes: data),
            saved.systemVersionInfo == Self.digest(saved.resources)
        else { throw BootstrapError(path: self.path, reason: "is damaged") }
        var table = ResourceTable()
        for resource in saved.resources {
            guard let type = ResourceType(typeURL: resource.resource.typeURL) else { continue }
            let restored = XDSResource(
                name: resource.name, version: resource.version, payload: Array(resource.resource.value))
            table.apply(type, upserted: [restored], removed: [])
        }
        return table
    }

    package func save(_ table: ResourceTable) {
        let mustStart = self.state.withLock { state in
            state.pending = table
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { self.queue.async { self.writePending() } }
    }

    /// Returns when everything saved so far is on disk.
    package func flush() { self.queue.sync {} }

    private func writePending() {
        while let table = self.next() {
            // A disk that refuses costs only the start without a control plane; nothing that runs.
            do {
                try Self.write(table, to: self.path)
                self.state.withLock { $0.hasFailed = false }
            } catch {
                let isNew = self.state.withLock { state in
                    defer { state.hasFailed = true }
                    return !state.hasFailed
                }
                guard isNew else { continue }
                self.logger.warning(
                    "last good configuration cannot be kept",
                    metadata: [LogKey.path: "\(self.path)", LogKey.error: "\(error)"])
            }
        }
    }

    private func next() -> ResourceTable? {
        self.state.withLock { state in
            defer { state.pending = nil }
            if state.pending == nil { state.isWriting = false }
            return state.pending
        }
    }

    private static func write(_ table: ResourceTable, to path: String) throws {
        var saved = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse()
        for type in ResourceType.allCases where type != .secret {
            for resource in table[type] {
                var entry = Envoy_Service_Discovery_V3_Resource()
                entry.name = resource.name
                entry.version = resource.version
                entry.resource.typeURL = type.typeURL
                entry.resource.value = Data(resource.payload)
                saved.resources.append(entry)
            }
        }
        saved.systemVersionInfo = Self.digest(saved.resources)
        let data: Data = try saved.serializedBytes()
        let temporary = path + ".new"
        try data.write(to: URL(fileURLWithPath: temporary))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: temporary)
        guard rename(temporary, path) == 0 else { throw BootstrapError(path: path, reason: "cannot be replaced") }
    }

    /// Tells a file that was cut or changed from one that is whole.
    private static func digest(_ resources: [Envoy_Service_Discovery_V3_Resource]) -> String {
        var bytes: [UInt8] = []
        for resource in resources {
            for text in [resource.name, resource.version, resource.resource.typeURL] { bytes += Array(text.utf8) + [0] }
            bytes += ResourceVersion.of(Array(resource.resource.value)).utf8
        }
        return ResourceVersion.of(bytes)
    }
}
