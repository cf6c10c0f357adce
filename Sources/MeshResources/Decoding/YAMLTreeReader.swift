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
        case .scalar(let scalar): return ManifestValue(Self.content(scalar), at: position)
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
                let name = Self.name(scalar)
                guard seen.insert(name).inserted else {
                    throw ManifestError(
                        .duplicateKey, "`\(name.prefix(100))` is given twice in the same object", at: keyPosition)
                }
                members.append(ManifestMember(name, try tree(value, depth: depth + 1), at: keyPosition))
            }
            return ManifestValue(.object(members), at: position)
        case .alias:
            throw ManifestError(.syntax, "an alias without its anchor", at: position)
        }
    }

    /// As `kubectl` and Istio read it (YAML 1.1 for what is not quoted): `y`, `yes` and `on` are booleans, `010` is 8, `1_000` a
    /// thousand; sexagesimals and dates are strings.
    private static func content(_ scalar: Node.Scalar) -> ManifestValue.Content {
        // A tag says it whether there are quotes or not.
        switch scalar.tag.description {
        case "tag:yaml.org,2002:str": .string(scalar.string)
        case "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null":
            plain(scalar.string)
        default: isPlain(scalar) ? plain(scalar.string) : .string(scalar.string)
        }
    }

    private static func isPlain(_ scalar: Node.Scalar) -> Bool { scalar.style == .plain || scalar.style == .any }

    private static func plain(_ text: String) -> ManifestValue.Content {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": return .bool(true)
        case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": return .bool(false)
        default: break
        }
        guard let first = text.utf8.first, first == 43 || first == 45 || first == 46 || (48...57).contains(first) else {
            return .string(text)
        }
        let digits = text.filter { $0 != "_" }
        if let integer = integer(digits) { return .integer(integer) }
        if digits.utf8.allSatisfy({ (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0) }),
            digits.utf8.contains(where: { (48...57).contains($0) }),
            let number = Double(digits), number.isFinite
        {
            return .number(number)
        }
        return .string(text)
    }

    private static func integer(_ text: String) -> Int64? {
        let sign = text.first.flatMap { $0 == "-" || $0 == "+" ? String($0) : nil } ?? ""
        let digits = text.dropFirst(sign.count).lowercased()
        guard digits.count > 1, digits.first == "0" else { return Int64(text) }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
            return Self.number(sign, digits.dropFirst(2), radix)
        }
        return Self.number(sign, digits.dropFirst(), 8)
    }

    private static func number(_ sign: String, _ digits: Substring, _ radix: Int) -> Int64? {
        guard digits.first?.isHexDigit ?? false else { return nil }
        return Int64(sign + digits, radix: radix)
    }

    /// The member that an object of JSON has for it: what is no string becomes its text. Tags of keys are not asked: comparing keys
    /// has filled in those that are not written.
    private static func name(_ key: Node.Scalar) -> String {
        guard isPlain(key) else { return key.string }
        return switch plain(key.string) {
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        default: key.string
        }
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
