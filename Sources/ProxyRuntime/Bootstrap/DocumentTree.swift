// SPDX-License-Identifier: Apache-2.0
import Foundation
import Yams

/// A YAML or JSON document as a value, with enough of YAML's types to become JSON.
enum DocumentTree: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As written, because JSON keeps more digits than a double.
    case number(String)
    case text(String)
    case list([DocumentTree])
    case object([String: DocumentTree])

    /// JSON is YAML too, so one reader does for both.
    init(document: String) throws(BootstrapError) {
        let node: Node?
        do {
            node = try Yams.compose(yaml: Self.withoutTabs(document))
        } catch let error as YamlError {
            throw Self.fault(error, document)
        } catch {
            throw BootstrapError(reason: "not a YAML or JSON document: \(error)")
        }
        guard let node else { throw BootstrapError(reason: "the document is empty") }
        var left = Self.mostValues
        self = try Self.tree(node, depth: 0, left: &left)
    }

    /// With what aliases stand for: a few lines of them could stand for more than memory holds.
    private static let mostValues = 1_000_000

    /// JSON may be indented by tabs, YAML may not.
    static func withoutTabs(_ document: String) -> String {
        guard document.contains("\t"), document.first(where: { !$0.isWhitespace }) == "{" else { return document }
        var isText = false
        var isEscaped = false
        return String(
            document.map { character in
                defer { isEscaped = isText && character == "\\" && !isEscaped }
                if character == "\"", !isEscaped { isText.toggle() }
                return character == "\t" && !isText ? " " : character
            })
    }

    private static func fault(_ error: YamlError, _ document: String) -> BootstrapError {
        var result = BootstrapError(reason: "not a YAML or JSON document: \(error)")
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            result.reason = "not a YAML or JSON document: \(problem)"
            result.line = mark.line
            result.document = document
        case .reader(let problem, let offset, _, let text):
            // Its own description holds the whole line, which may be the whole document.
            result.reason = "not a YAML or JSON document: \(problem)"
            result.line = text.utf8.prefix(offset ?? 0).count { $0 == 0x0A } + 1
            result.document = document
        case .duplicatedKeysInMapping(let duplicates, let context):
            result.reason = "key '\(duplicates.sorted().joined(separator: "', '"))' stands there twice"
            result.line = context.mark.line
            result.document = document
        default:
            break
        }
        return result
    }

    /// As messages are merged: lists one after the other, of two values the other's.
    func merging(_ other: DocumentTree) -> DocumentTree {
        switch (self, other) {
        case (.object(let mine), .object(let others)): .object(mine.merging(others) { $0.merging($1) })
        case (.list(let mine), .list(let others)): .list(mine + others)
        case (_, .null): self
        default: other
        }
    }

    private static func tree(_ node: Node, depth: Int, left: inout Int) throws(BootstrapError) -> DocumentTree {
        guard depth < 100 else { throw BootstrapError(reason: "the document is nested too deeply") }
        left -= 1
        guard left > 0 else { throw BootstrapError(reason: "the document holds too many values") }
        switch node {
        case .scalar(let scalar):
            return Self.scalar(node, scalar)
        case .sequence(let sequence):
            var list: [DocumentTree] = []
            for item in sequence { list.append(try Self.tree(item, depth: depth + 1, left: &left)) }
            return .list(list)
        case .mapping(let mapping):
            var object: [String: DocumentTree] = [:]
            for (key, value) in mapping {
                guard let name = key.string ?? key.scalar?.string else {
                    throw BootstrapError(reason: "a key is not a text")
                }
                object[name] = try Self.tree(value, depth: depth + 1, left: &left)
            }
            return .object(object)
        case .alias:
            throw BootstrapError(reason: "an alias has no anchor")
        }
    }

    private static func scalar(_ node: Node, _ scalar: Node.Scalar) -> DocumentTree {
        guard scalar.style == .plain || scalar.style == .any else { return .text(scalar.string) }
        switch scalar.string {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if let whole = Int64(scalar.string) { return .number(String(whole)) }
        if let number = Double(scalar.string), number.isFinite, scalar.string.first?.isLetter == false {
            return .number(String(number))
        }
        return .text(scalar.string)
    }

    var object: [String: DocumentTree]? {
        if case .object(let members) = self { members } else { nil }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var whole: Int? {
        if case .number(let digits) = self { Int(digits) } else { nil }
    }
}
