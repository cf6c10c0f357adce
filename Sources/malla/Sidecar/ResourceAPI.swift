// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// What `malla run` asks of the API server: objects as JSON, by their paths (`/api/v1/namespaces/…`).
package protocol ResourceAPI: Sendable {
    /// `nil` when there is no such object.
    func get(_ path: String) async throws -> Data?
    /// False when one of that name exists.
    func create(_ object: Data, in collection: String) async throws -> Bool
    func replace(_ path: String, with object: Data) async throws
    /// Nothing happens when there is no such object.
    func delete(_ path: String) async throws
    /// Posts to a subresource; the answer's body.
    func post(_ body: Data, to path: String) async throws -> Data
}
