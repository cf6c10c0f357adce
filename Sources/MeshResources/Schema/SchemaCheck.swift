// SPDX-License-Identifier: Apache-2.0

/// Holds a tree against the schema of its kind: unknown and misplaced fields, wrong types.
struct SchemaCheck {
    /// A document with ten thousand mistakes gets this many reported, and a count of the rest.
    static let reportLimit = 50

    private let kind: ResourceKind
    /// Made when the first unknown field is met: most documents have none.
    private lazy var misplaced = MisplacedField(kind: kind)
    private var diagnostics: [Diagnostic] = []
    private var unreported = 0

    private init(kind: ResourceKind) {
        self.kind = kind
    }

    static func check(_ tree: ManifestValue, kind: ResourceKind) -> [Diagnostic] {
        var check = SchemaCheck(kind: kind)
        check.object(tree, KindSchema.object(kind), at: FieldPath())
        if check.unreported > 0 {
            check.diagnostics.append(
                Diagnostic(.error, .unknownField, path: "", "\(check.unreported) more errors in this document are not shown"))
        }
        return check.diagnostics
    }

    private mutating func report(_ diagnostic: Diagnostic) {
        if diagnostics.count < Self.reportLimit { diagnostics.append(diagnostic) } else { unreported += 1 }
    }

    private mutating func object(_ value: ManifestValue, _ schema: ObjectSchema, at path: FieldPath) {
        let members = value.members ?? []
        let unknown = members.filter { schema.field($0.key) == nil }
        let siblings = unknown.prefix(Self.reportLimit).map(\.key)
        for member in members {
            if let field = schema.field(member.key) {
                check(member.value, field.type, at: path.field(member.key))
            } else if diagnostics.count < Self.reportLimit {
                let diagnostic = unknownField(member, schema, at: path, siblings: siblings)
                report(diagnostic)
            } else {
                unreported += 1
            }
        }
    }

    private mutating func unknownField(
        _ member: ManifestMember, _ schema: ObjectSchema, at path: FieldPath, siblings: [String]
    ) -> Diagnostic {
        let here = path.key(member.key)
        let owner = path.description.isEmpty || path.description == "spec" ? kind.name : schema.name
        var message = "`\(here)` is not a field of \(owner)"
        var suggestion: String?
        if let home = misplaced.home(of: member.key, misplacedAt: path, siblings: siblings) {
            message += "; \(member.key) belongs under `\(home)`"
            suggestion = "move it to `\(home)`"
        } else if let meant = Spelling.nearest(to: member.key, among: schema.fields.map(\.name)) {
            message += "; did you mean `\(meant)`?"
            suggestion = "write `\(meant)`"
        }
        return Diagnostic(
            .error, .unknownField, path: here.description, message, suggestion: suggestion,
            position: member.keyPosition ?? member.value.position)
    }

    /// A null among others would be dropped, and a policy mean more than it says: `matchLabels: {app: }` every workload.
    private mutating func checkElement(_ value: ManifestValue, _ type: FieldType, at path: FieldPath) {
        if value.isNull { wrong(value, type, at: path) } else { check(value, type, at: path) }
    }

    private mutating func check(_ value: ManifestValue, _ type: FieldType, at path: FieldPath) {
        if value.isNull {
            // As in Kubernetes. In the metadata it is usual (`creationTimestamp: null`); in a specification rather a slip.
            guard path.description.hasPrefix("spec") else { return }
            report(
                Diagnostic(
                    .warning, .noEffect, path: path.description, "is empty, and so read as if it were not there",
                    position: value.position))
            return
        }
        switch (type, value.content) {
        case (.any, _), (.string, .string), (.bool, .bool), (.number, .integer), (.number, .number), (.integerOrString, .integer),
            (.integerOrString, .string):
            return
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) {
                wrong(value, at: path, "\(number) is out of range \(range.lowerBound) … \(range.upperBound)", code: .invalid)
            }
        case (.integer(let range), .number(let number)):
            guard let whole = Int64(exactly: number), range.contains(whole) else { return wrong(value, type, at: path) }
        case (.duration, .string(let text)):
            if DurationText.parse(text) == nil { wrong(value, type, at: path) }
        case (.enumeration(let values), .string(let text)):
            guard !values.contains(text) else { return }
            let meant = Spelling.nearest(to: text, among: values).map { "; did you mean \($0)?" } ?? ""
            wrong(value, at: path, "`\(text.prefix(100))` is not \(type.description)\(meant)", code: .invalid)
        case (.list(let element), .array(let values)):
            for (index, value) in values.enumerated() { checkElement(value, element, at: path.index(index)) }
        case (.map(let element), .object(let members)):
            for member in members { checkElement(member.value, element, at: path.key(member.key)) }
        case (.object(let schema), .object):
            object(value, schema, at: path)
        default:
            wrong(value, type, at: path)
        }
    }

    private mutating func wrong(_ value: ManifestValue, _ type: FieldType, at path: FieldPath) {
        wrong(value, at: path, "must be \(type.description), not \(value.shortDescription)", code: .wrongType)
    }

    private mutating func wrong(_ value: ManifestValue, at path: FieldPath, _ message: String, code: Diagnostic.Code) {
        report(Diagnostic(.error, code, path: path.description, message, position: value.position))
    }
}

extension ManifestValue {
    /// In the words of an error message; never longer than a line.
    var shortDescription: String {
        switch content {
        case .null: "null"
        case .bool(let value): "the boolean \(value)"
        case .integer(let value): "the integer \(value)"
        case .number(let value): "the number \(value)"
        case .string(let value): "the string \"\(value.prefix(60))\""
        case .array: "a list"
        case .object: "an object"
        }
    }
}
