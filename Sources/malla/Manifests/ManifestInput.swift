// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// Files, directories and standard input, as `-f` names them.
struct ManifestInput: Sendable {
    /// Nil for standard input.
    var file: String?
    var documents: [ManifestReader.Document]

    private static let extensions: Set = ["yaml", "yml", "json"]

    /// - Parameters:
    ///   - namespace: From `-n`; a resource that names another one is refused.
    ///   - otherwise: Where resources belong that name none, when `-n` is not given.
    static func read(
        _ arguments: [String], recursive: Bool, namespace: String?, otherwise: String
    ) throws -> [ManifestInput] {
        let reader = ManifestReader(defaultNamespace: namespace ?? otherwise)
        return try arguments.flatMap { argument in
            try files(argument, recursive: recursive).map { file in
                let documents = reader.read(try contents(file, limit: reader.limits.inputBytes))
                return ManifestInput(file: file, documents: documents.map { checked($0, namespace: namespace) })
            }
        }
    }

    private static func checked(_ document: ManifestReader.Document, namespace: String?) -> ManifestReader.Document {
        guard let namespace, let resource = document.resource, resource.kind.isNamespaced else { return document }
        let own = resource.metadata.namespace
        guard own != namespace else { return document }
        var document = document
        document.validated = nil
        document.diagnostics.append(
            Diagnostic(
                .error, .conflict, path: "metadata.namespace",
                "metadata.namespace is \(own), but -n says \(namespace); leave one out",
                position: resource.tree["metadata"]?["namespace"]?.position))
        return document
    }

    var name: String { file ?? "standard input" }

    /// Of a directory its manifests, sorted.
    private static func files(_ argument: String, recursive: Bool) throws -> [String?] {
        if argument == "-" { return [nil] }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: argument, isDirectory: &isDirectory) else {
            throw CommandFailure(.unreadableInput, "\(argument): no such file or directory")
        }
        guard isDirectory.boolValue else { return [argument] }
        let names: [String]
        do {
            names =
                recursive
                ? try FileManager.default.subpathsOfDirectory(atPath: argument)
                : try FileManager.default.contentsOfDirectory(atPath: argument)
        } catch {
            throw CommandFailure(.unreadableInput, "\(argument) cannot be read: \(error.localizedDescription)")
        }
        let manifests = names.filter { extensions.contains(URL(filePath: $0).pathExtension.lowercased()) }.sorted()
        guard !manifests.isEmpty else { throw CommandFailure(.unreadableInput, "\(argument) holds no .yaml, .yml or .json file") }
        return manifests.map { "\(argument.hasSuffix("/") ? String(argument.dropLast()) : argument)/\($0)" }
    }

    /// At most one byte more than is taken, which is enough to see that it is too much.
    private static func contents(_ file: String?, limit: Int) throws -> Data {
        do {
            let handle = try file.map { try FileHandle(forReadingFrom: URL(filePath: $0)) } ?? FileHandle.standardInput
            var data = Data()
            while data.count <= limit, let part = try handle.read(upToCount: limit + 1 - data.count), !part.isEmpty { data += part }
            return data
        } catch {
            throw CommandFailure(.unreadableInput, "\(file ?? "standard input") cannot be read: \(error.localizedDescription)")
        }
    }
}
