// SPDX-License-Identifier: Apache-2.0
import Yams

/// Lines of the fields of a YAML or JSON document.
struct DocumentLines {
    private let root: Node

    /// Nil for what is no document.
    init?(_ text: String) {
        guard let root = try? Yams.compose(yaml: DocumentTree.withoutTabs(text)) else { return nil }
        self.root = root
    }

    /// The line of a field such as `a.b[0]["x"].c`, or of as much of it as there is, and how much that is.
    func find(_ path: String) -> (line: Int, depth: Int)? {
        var node = self.root
        var line = node.mark?.line ?? 1
        var depth = 0
        for step in Self.steps(path) {
            switch (step, node) {
            case (.name(let name), .mapping(let mapping)):
                let member = mapping.first { key, _ in
                    key.string == name || key.string.map(Self.snakeCase) == name
                }
                guard let member else { return depth == 0 ? nil : (line, depth) }
                node = member.value
                line = member.key.mark?.line ?? line
            case (.index(let index), .sequence(let sequence)):
                guard sequence.indices.contains(index) else { return (line, depth) }
                node = sequence[index]
                line = node.mark?.line ?? line
            default:
                return (line, depth)
            }
            depth += 1
        }
        return (line, depth)
    }

    private enum Step {
        case name(String)
        case index(Int)
    }

    private static func steps(_ path: String) -> [Step] {
        var steps: [Step] = []
        var rest = path[...]
        while let first = rest.first {
            if first == "[", let end = rest.firstIndex(of: "]") {
                let inside = rest[rest.index(after: rest.startIndex)..<end]
                if let index = Int(inside) {
                    steps.append(.index(index))
                } else {
                    steps.append(
                        .name(inside.trimmingPrefix("\"").hasSuffix("\"") ? String(inside.dropFirst().dropLast()) : String(inside)))
                }
                rest = rest[rest.index(after: end)...]
            } else if first == "." {
                rest = rest.dropFirst()
            } else {
                // A bracket that does not close is part of a name.
                let name = first == "[" ? rest : rest.prefix { $0 != "." && $0 != "[" }
                steps.append(.name(String(name)))
                rest = rest[name.endIndex...]
            }
        }
        return steps
    }

    /// JSON's `loadAssignment` is the field `load_assignment`.
    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }
}
