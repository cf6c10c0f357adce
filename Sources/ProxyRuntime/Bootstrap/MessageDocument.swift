// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Reads a protobuf message from a YAML or JSON document, strictly, and says which field is wrong.
enum MessageDocument {
    static func read<M: Message>(_ tree: DocumentTree, as type: M.Type) throws(BootstrapError) -> M {
        ExtensionTypes.register()
        let tree = BalancingChoices.known(tree)
        try Self.checkTyped(tree, "")
        do {
            return try Self.decode(tree, as: type)
        } catch {
            let path = FaultLocator { _ = try Self.decode($0, as: type) }.path(in: tree)
            throw BootstrapError(path: Self.place(path, error), reason: Self.reason(error))
        }
    }

    /// Reads every typed configuration by itself, from the innermost out. The library reads an `Any` only when it is asked for,
    /// and then takes a mistake in it for an empty message.
    private static func checkTyped(_ tree: DocumentTree, _ path: String) throws(BootstrapError) {
        switch tree {
        case .list(let items):
            for (index, item) in items.enumerated() { try Self.checkTyped(item, "\(path)[\(index)]") }
        case .object(var members):
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                try Self.checkTyped(member, path.isEmpty ? name : "\(path).\(name)")
            }
            guard case .text(let typeURL)? = members.removeValue(forKey: "@type") else { return }
            guard let type = Google_Protobuf_Any.messageType(forTypeURL: typeURL) else {
                throw BootstrapError(path: path, reason: "\(typeURL) is not supported by this proxy")
            }
            let inner = DocumentTree.object(members)
            do {
                _ = try Self.decode(inner, as: type)
            } catch {
                let place = Self.place(FaultLocator { _ = try Self.decode($0, as: type) }.path(in: inner), error)
                throw BootstrapError(path: place.isEmpty ? path : "\(path).\(place)", reason: Self.reason(error))
            }
        default:
            break
        }
    }

    private static func decode<M: Message>(_ tree: DocumentTree, as type: M.Type) throws -> M {
        var options = JSONDecodingOptions()
        options.messageDepthLimit = 100
        let message = try M(jsonString: tree.json, options: options)
        // An `Any` is only read when it is asked for; writing bytes asks for all of them, and for their types.
        _ = try message.serializedBytes() as [UInt8]
        return message
    }

    /// An unknown field is the mistake itself, not what stands in it.
    private static func place(_ path: String, _ error: any Error) -> String {
        guard let error = error as? JSONDecodingError, case .unknownField(let name) = error else { return path }
        let steps = path.split(separator: ".", omittingEmptySubsequences: false)
        guard let last = steps.lastIndex(where: { $0 == name || $0.hasPrefix(name + "[") }) else { return path }
        return (steps[..<last] + [name[...]]).joined(separator: ".")
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? JSONDecodingError, case .unknownField(let name) = error { return "unknown field '\(name)'" }
        return "cannot be read: \(error)"
    }
}
