// SPDX-License-Identifier: Apache-2.0

/// Collects what is wrong, and finds the line of each place.
struct Findings {
    private let tree: ManifestValue
    private(set) var diagnostics: [Diagnostic] = []

    init(tree: ManifestValue) { self.tree = tree }

    mutating func append(_ diagnostic: Diagnostic) {
        guard diagnostics.count <= SchemaCheck.reportLimit else { return }
        diagnostics.append(diagnostic)
    }

    mutating func error(_ path: FieldPath, _ message: String, code: Diagnostic.Code = .invalid, suggestion: String? = nil) {
        append(Diagnostic(.error, code, path: path.description, message, suggestion: suggestion, position: position(of: path)))
    }

    mutating func warning(_ path: FieldPath, _ message: String, code: Diagnostic.Code = .noEffect, suggestion: String? = nil) {
        append(Diagnostic(.warning, code, path: path.description, message, suggestion: suggestion, position: position(of: path)))
    }

    private func position(of path: FieldPath) -> SourcePosition? { tree.position(nearest: path) }
}

extension ManifestValue {
    /// Of the nearest place at or above `path` that the text has.
    package func position(nearest path: FieldPath) -> SourcePosition? {
        var value = self
        var found = position
        for step in path.steps {
            switch step {
            case .field(let name):
                guard let member = value.members?.first(where: { $0.key == name }) else { return found }
                found = member.keyPosition ?? member.value.position ?? found
                value = member.value
            case .index(let index):
                guard let values = value.array, values.indices.contains(index) else { return found }
                value = values[index]
                found = value.position ?? found
            }
        }
        return found
    }
}

extension FieldPath {
    enum Step: Hashable {
        case field(String)
        case index(Int)
    }

    /// Fields and indexes, in order.
    var steps: [Step] {
        var steps: [Step] = []
        var rest = description[...]
        while let first = rest.first {
            if first == "." {
                rest = rest.dropFirst()
            } else if first == "[" {
                let inside = rest.dropFirst().prefix { $0 != "]" }
                rest = rest.dropFirst(inside.count + 2)
                if let index = Int(inside) {
                    steps.append(.index(index))
                } else {
                    steps.append(.field(String(inside.dropFirst().dropLast())))
                }
            } else {
                let name = rest.prefix { $0 != "." && $0 != "[" }
                rest = rest.dropFirst(name.count)
                steps.append(.field(String(name)))
            }
        }
        return steps
    }
}
