// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// JSON Patch, RFC 6902: a list of edits, of which all are done or none.
struct JSONPatch: Sendable {
    private enum Operation: Sendable {
        case add(ManifestValue)
        case remove
        case replace(ManifestValue)
        case move(from: [String])
        case copy(from: [String])
        case test(ManifestValue)
    }

    private struct Edit: Sendable {
        var operation: Operation
        var path: [String]
        /// For error messages.
        var text: String
    }

    /// As Kubernetes: copying over and over makes a small patch a large object.
    private static let maximumEdits = 10_000

    private let edits: [Edit]

    init(_ tree: ManifestValue) throws {
        guard let list = tree.array else { throw APIFailure.badRequest("a JSON patch must be a list of operations") }
        guard list.count <= Self.maximumEdits else {
            throw APIFailure(413, "RequestEntityTooLarge", "a JSON patch may have at most \(Self.maximumEdits) operations")
        }
        edits = try list.enumerated().map { index, tree in
            func pointer(_ field: String) throws -> [String] {
                guard let text = tree.string(field) else {
                    throw APIFailure.badRequest("operation \(index) of the JSON patch has no `\(field)`")
                }
                guard let path = Self.pointer(text) else {
                    throw APIFailure.badRequest("operation \(index) of the JSON patch: `\(text.prefix(100))` is not a JSON pointer")
                }
                return path
            }
            func value() throws -> ManifestValue {
                guard let member = tree.members?.first(where: { $0.key == "value" }) else {
                    throw APIFailure.badRequest("operation \(index) of the JSON patch has no `value`")
                }
                return member.value
            }
            let operation: Operation
            switch tree.string("op") {
            case "add": operation = .add(try value())
            case "remove": operation = .remove
            case "replace": operation = .replace(try value())
            case "move": operation = .move(from: try pointer("from"))
            case "copy": operation = .copy(from: try pointer("from"))
            case "test": operation = .test(try value())
            default:
                throw APIFailure.badRequest(
                    "operation \(index) of the JSON patch: `op` must be add, remove, replace, move, copy or test")
            }
            return Edit(
                operation: operation, path: try pointer("path"), text: "\(tree.string("op") ?? "") \(tree.string("path") ?? "")")
        }
    }

    func apply(to document: ManifestValue) throws -> ManifestValue {
        try edits.reduce(document) { document, edit in
            guard let changed = Self.apply(edit, to: document) else {
                throw APIFailure(
                    422, "Invalid", "the JSON patch cannot be applied: `\(edit.text.prefix(200))` does not fit the object")
            }
            return changed
        }
    }

    /// Nil when it cannot be done.
    private static func apply(_ edit: Edit, to document: ManifestValue) -> ManifestValue? {
        switch edit.operation {
        case .add(let value): return edited(document, edit.path[...]) { _ in .some(.insert(value)) }
        case .remove: return edited(document, edit.path[...]) { $0 == nil ? nil : .remove }
        case .replace(let value): return edited(document, edit.path[...]) { $0 == nil ? nil : .set(value) }
        case .test(let expected): return value(document, edit.path[...]) == expected ? document : nil
        case .copy(let source):
            guard let found = value(document, source[...]) else { return nil }
            return edited(document, edit.path[...]) { _ in .some(.insert(found)) }
        case .move(let source):
            // Into itself cannot be.
            guard let found = value(document, source[...]), !(edit.path.starts(with: source) && edit.path != source),
                let without = edited(document, source[...], { _ in .some(.remove) })
            else { return nil }
            return edited(without, edit.path[...]) { _ in .some(.insert(found)) }
        }
    }

    private enum Change { case insert(ManifestValue), set(ManifestValue), remove }

    /// Asks `change` about the value at the path, nil where there is none, and does what it says; nil says that it cannot be.
    private static func edited(
        _ tree: ManifestValue, _ path: ArraySlice<String>, _ change: (ManifestValue?) -> Change?
    ) -> ManifestValue? {
        guard let step = path.first else {
            switch change(tree) {
            case .insert(let value), .set(let value): return value
            case .remove, nil: return nil
            }
        }
        let rest = path.dropFirst()
        switch tree.content {
        case .object(var members):
            let index = members.firstIndex { $0.key == step }
            guard rest.isEmpty else {
                guard let index, let value = edited(members[index].value, rest, change) else { return nil }
                members[index].value = value
                return ManifestValue(.object(members))
            }
            switch (change(index.map { members[$0].value }), index) {
            case (.insert(let value), let index?), (.set(let value), let index?): members[index].value = value
            case (.insert(let value), nil): members.append(ManifestMember(step, value))
            case (.remove, let index?): members.remove(at: index)
            default: return nil
            }
            return ManifestValue(.object(members))
        case .array(var elements):
            // Past the end only a new element can stand.
            guard let index = step == "-" ? elements.count : position(step), index <= elements.count else { return nil }
            let current = index < elements.count ? elements[index] : nil
            guard rest.isEmpty else {
                guard let current, let value = edited(current, rest, change) else { return nil }
                elements[index] = value
                return ManifestValue(.array(elements))
            }
            switch (change(current), current) {
            case (.insert(let value), _): elements.insert(value, at: index)
            case (.set(let value), .some): elements[index] = value
            case (.remove, .some): elements.remove(at: index)
            default: return nil
            }
            return ManifestValue(.array(elements))
        default: return nil
        }
    }

    private static func value(_ tree: ManifestValue, _ path: ArraySlice<String>) -> ManifestValue? {
        guard let step = path.first else { return tree }
        switch tree.content {
        case .object(let members):
            guard let member = members.first(where: { $0.key == step }) else { return nil }
            return value(member.value, path.dropFirst())
        case .array(let elements):
            guard let index = position(step), index < elements.count else { return nil }
            return value(elements[index], path.dropFirst())
        default: return nil
        }
    }

    /// Digits without a leading zero.
    private static func position(_ text: String) -> Int? {
        guard text == "0" || !text.hasPrefix("0"), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    /// RFC 6901; nil when it is none.
    private static func pointer(_ text: String) -> [String]? {
        if text.isEmpty { return [] }
        guard text.hasPrefix("/") else { return nil }
        return text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }
}
