// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRDB
import MeshResources

/// The statements of the embedded store.
enum ResourceTables {
    static func counter(_ name: String, _ database: Database) throws -> UInt64 {
        let value = try Int64.fetchOne(database, sql: "SELECT value FROM counters WHERE name = ?", arguments: [name])
        return UInt64(clamping: value ?? 0)
    }

    static func set(_ name: String, to value: UInt64, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE counters SET value = ? WHERE name = ?", arguments: [Int64(clamping: value), name])
    }

    static func append(_ event: ResourceEvent, _ database: Database) throws {
        let key = event.resource.key
        let body = JSONTreeWriter.compact(event.resource.tree)
        let revision = Int64(clamping: event.revision)
        if event.change == .deleted {
            try database.cachedStatement(sql: "DELETE FROM resources WHERE kind = ? AND namespace = ? AND name = ?")
                .execute(arguments: [key.kind.rawValue, key.namespace, key.name])
        } else {
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO resources (kind, namespace, name, revision, body) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [key.kind.rawValue, key.namespace, key.name, revision, body])
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO events (revision, time, author, change, kind, namespace, name, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            revision, event.time.timeIntervalSince1970, event.author, event.change.rawValue,
            key.kind.rawValue, key.namespace, key.name, body,
        ])
    }

    /// A row that cannot be read is left out and handed to `report`: one bad object never takes the others with it.
    static func resources(_ database: Database, report: (String) -> Void) throws -> [ValidatedResource] {
        var resources: [ValidatedResource] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT kind, namespace, name, body FROM resources")
        while let row = try rows.next() {
            if let resource = resource(kind: row["kind"], body: row["body"]) {
                resources.append(resource)
            } else {
                let (kind, namespace, name): (String, String, String) = (row["kind"], row["namespace"], row["name"])
                report("\(kind) \(namespace)/\(name)")
            }
        }
        return resources
    }

    static func events(after revision: UInt64, through last: UInt64, _ database: Database) throws -> [ResourceEvent] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM events WHERE revision > ? AND revision <= ? ORDER BY revision",
            arguments: [Int64(clamping: revision), Int64(clamping: last)])
        return rows.compactMap(event)
    }

    static func history(of key: ResourceKey, _ database: Database) throws -> [ResourceEvent] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM events WHERE kind = ? AND namespace = ? AND name = ? ORDER BY revision",
            arguments: [key.kind.rawValue, key.namespace, key.name])
        return rows.compactMap(event)
    }

    private static func event(_ row: Row) -> ResourceEvent? {
        let (kind, body, change): (String, String, String) = (row["kind"], row["body"], row["change"])
        let (revision, time): (Int64, Double) = (row["revision"], row["time"])
        guard let resource = resource(kind: kind, body: body), let change = ResourceEvent.Change(rawValue: change) else {
            return nil
        }
        return ResourceEvent(
            change: change, resource: resource, previous: nil, revision: UInt64(clamping: revision),
            time: Date(timeIntervalSince1970: time), author: row["author"])
    }

    private static func resource(kind: String, body: String) -> ValidatedResource? {
        guard let kind = ResourceKind(rawValue: kind), let tree = try? JSONTreeReader.read(Data(body.utf8)) else { return nil }
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: kind.storageVersion, tree: tree))
    }
}
