// SPDX-License-Identifier: Apache-2.0

/// Finds where in a kind a field belongs that was written in the wrong place, from the schema alone.
struct MisplacedField {
    /// Places of the kind, as `spec.http[]`, with the names of the fields that each takes.
    private let places: [(path: String, fields: Set<String>)]

    init(kind: ResourceKind) {
        var places: [(String, Set<String>)] = []
        Self.collect(.object(KindSchema.object(kind)), at: "", into: &places)
        self.places = places
    }

    private static func collect(_ type: FieldType, at path: String, into places: inout [(String, Set<String>)]) {
        switch type {
        case .object(let schema):
            places.append((path, Set(schema.fields.map(\.name))))
            for field in schema.fields {
                collect(field.type, at: path.isEmpty ? field.name : "\(path).\(field.name)", into: &places)
            }
        case .list(let element): collect(element, at: path + "[]", into: &places)
        default: break
        }
    }

    /// The likeliest place of `field`, which stands at `path` beside the other misplaced fields `siblings`: the one that
    /// takes most of them, then the one nearest to where it was written, then the shallowest.
    func home(of field: String, misplacedAt path: FieldPath, siblings: [String]) -> String? {
        let written = path.generalised.split(separator: ".")
        let candidates = places.filter { $0.fields.contains(field) && $0.path != path.generalised && $0.path != "metadata" }
        return candidates.min { left, right in
            rank(left, written: written, siblings: siblings) < rank(right, written: written, siblings: siblings)
        }?.path
    }

    private func rank(
        _ place: (path: String, fields: Set<String>), written: [Substring], siblings: [String]
    ) -> (Int, Int, Int, String) {
        let steps = place.path.split(separator: ".")
        let shared = zip(steps, written).prefix { $0 == $1 }.count
        return (-siblings.count { place.fields.contains($0) }, -shared, steps.count, place.path)
    }
}
