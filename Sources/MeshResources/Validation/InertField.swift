// SPDX-License-Identifier: Apache-2.0

/// A field that is accepted, because Istio accepts it, though nothing acts on it yet. `docs/not-acted-on.md` lists them.
package struct InertField: Sendable, Hashable {
    /// Which values do nothing.
    package enum Values: Sendable, Hashable {
        case all
        case only(String)
        case allBut(String)
        case starting(String)

        func include(_ value: ManifestValue) -> Bool {
            switch self {
            case .all: true
            case .only(let text): value.string == text
            case .allBut(let text): value.string != text
            case .starting(let text): value.string?.hasPrefix(text) ?? false
            }
        }
    }

    package var kind: ResourceKind
    /// `spec.http[].corsPolicy`; `[]` stands for every element.
    package var path: String
    package var values: Values
    /// What happens instead.
    package var consequence: String

    init(_ kind: ResourceKind, _ path: String, _ consequence: String) { self.init(kind, path, .all, consequence) }

    init(_ kind: ResourceKind, _ path: String, _ values: Values, _ consequence: String) {
        self.kind = kind
        self.path = "spec." + path
        self.values = values
        self.consequence = consequence
    }

    /// Where the resource has it.
    func places(in tree: ManifestValue) -> [FieldPath] {
        var found = [(path: FieldPath(), value: tree)]
        for step in path.split(separator: ".") {
            let isList = step.hasSuffix("[]")
            let name = String(isList ? step.dropLast(2) : step)
            found = found.flatMap { place -> [(path: FieldPath, value: ManifestValue)] in
                guard let value = place.value[name] else { return [] }
                let path = place.path.field(name)
                guard isList else { return [(path, value)] }
                return (value.array ?? []).enumerated().map { (path.index($0), $1) }
            }
        }
        return found.filter { values.include($0.value) }.map(\.path)
    }
}
