// SPDX-License-Identifier: Apache-2.0
import GRDB

/// The tables of the embedded store. A migration that has shipped is never edited; a new one is added.
enum SchemaMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: resources and events") { database in
            // Current resources. `body` is JSON in the storage version.
            try database.execute(
                sql: """
                    CREATE TABLE resources (
                        kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
                        revision INTEGER NOT NULL, body TEXT NOT NULL,
                        PRIMARY KEY (kind, namespace, name)
                    ) WITHOUT ROWID
                    """)
            // Every change, appended in the same transaction. Only compaction takes rows away, oldest first.
            try database.execute(
                sql: """
                    CREATE TABLE events (
                        revision INTEGER PRIMARY KEY, time REAL NOT NULL, author TEXT NOT NULL, change TEXT NOT NULL,
                        kind TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL
                    )
                    """)
            try database.execute(sql: "CREATE INDEX events_by_resource ON events (kind, namespace, name, revision)")
            // `revision`: of the last change. `compacted`: of the last change that was forgotten.
            try database.execute(
                sql: "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID")
            try database.execute(sql: "INSERT INTO counters (name, value) VALUES ('revision', 0), ('compacted', 0)")
        }
        return migrator
    }
}
