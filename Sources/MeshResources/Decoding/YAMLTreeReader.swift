// SPDX-License-Identifier: Apache-2.0

import Yams

/// YAML (and so JSON) text into trees, one a document.
package struct YAMLTreeReader {
    private let limits: ManifestLimits
    private var values = 0

    private init(limits: ManifestLimits) { self.limits = limits }

    /// Documents in order. On an error, the documents before it are returned with it.
    package static func read(_ text: String, limits: ManifestLimits) -> (documents: [ManifestValue], error: ManifestError?) {
        guard !AliasGuard.isSuspicious(text) else {
            return ([], ManifestError(.tooLarge, "many aliases, and keys that are not plain strings; write the values out"))
        }
        var reader = YAMLTreeReader(limits: limits)
        var documents: [ManifestValue] = []
        do {
            // Composing resolves aliases to shared nodes: cheap here, counted while the tree is made.
            let parser = try Parser(yaml: text, resolver: .default, encoding: .utf8)
            while let node = try parser.nextRoot() {
                guard documents.count < limits.documents else {
                    return (documents, ManifestError(.tooLarge, "more than \(limits.documents) documents in one input; split it"))
                }
                documents.append(try reader.tree(node, depth: 0))
            }
            return (documents, nil)
        } catch let error as ManifestError {
            return (documents, error)
        } catch let error as YamlError {
            return (documents, Self.manifestError(error))
        } catch {
            return (documents, ManifestError(.syntax, "not YAML: \(error)"))
        }
    }

    private mutating func tree(_ node: Node, depth: Int) throws -> ManifestValue {
        let position = node.mark.map { SourcePosition(line: $0.line, column: $0.column) }
        values += 1
        guard values <= limits.values else {
            throw ManifestError(
                .tooLarge, "more than \(limits.values) values in one input (aliases counted); split it", at: position)
        }
        guard depth < limits.depth else {
            throw ManifestError(.tooDeep, "nested deeper than \(limits.depth) levels", at: position)
        }
        switch node {
        case .scalar(let scalar): return ManifestValue(Self.content(scalar, of: node), at: position)
        case .sequence(let sequence):
            var elements: [ManifestValue] = []
            for element in sequence { elements.append(try tree(element, depth: depth + 1)) }
            return ManifestValue(.array(elements), at: position)
        case .mapping(let mapping):
            var members: [ManifestMember] = []
            var seen: Set<String> = []
            for (key, value) in mapping {
                let keyPosition = key.mark.map { SourcePosition(line: $0.line, column: $0.column) }
                guard case .scalar(let scalar) = key else {
                    throw ManifestError(.syntax, "a key must be a plain string", at: keyPosition)
                }
                guard seen.insert(scalar.string).inserted else {
                    throw ManifestError(
                        .duplicateKey, "`\(scalar.string.prefix(100))` is given twice in the same object", at: keyPosition)
                }
                members.append(ManifestMember(scalar.string, try tree(value, depth: depth + 1), at: keyPosition))
            }
            return ManifestValue(.object(members), at: position)
        case .alias:
            throw ManifestError(.syntax, "an alias without its anchor", at: position)
        }
    }

    /// YAML 1.2 core schema, as Kubernetes reads it: `yes` and `on` are booleans there too, sexagesimals and dates are not numbers.
    private static func content(_ scalar: Node.Scalar, of node: Node) -> ManifestValue.Content {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return .string(text) }
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, first == 43 || first == 45 || first == 46 || (48...57).contains(first) else {
            return .string(text)
        }
        if let integer = integer(text) { return .integer(integer) }
        if text.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }),
            text.utf8.contains(where: { (48...57).contains($0) }),
            let number = Double(text), number.isFinite
        {
            return .number(number)
        }
        return .string(text)
    }

    private static func integer(_ text: String) -> Int64? {
        if let decimal = Int64(text) { return decimal }
        for (prefix, radix) in [("0x", 16), ("0o", 8)] where text.hasPrefix(prefix) {
            return Int64(text.dropFirst(2), radix: radix)
        }
        return nil
    }

    private static func manifestError(_ error: YamlError) -> ManifestError {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let where_ = context.map { " (\($0.text))" } ?? ""
            return ManifestError(.syntax, "not YAML: \(problem)\(where_)", at: SourcePosition(line: mark.line, column: mark.column))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map(String.init(describing:)).sorted().joined(separator: ", ")
            return ManifestError(
                .duplicateKey, "`\(names.prefix(100))` is given twice in the same object",
                at: SourcePosition(line: context.mark.line, column: context.mark.column))
        case .reader(let problem, _, _, _): return ManifestError(.notText, "not YAML: \(problem)")
        default: return ManifestError(.syntax, "not YAML: \(error)")
        }
    }
}
