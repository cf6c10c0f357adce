// SPDX-License-Identifier: Apache-2.0
package import MeshResources
import ResourceStores

/// Why a request was not done, in the terms of a Kubernetes `Status`.
package struct APIFailure: Error, Sendable, Hashable {
    package struct Cause: Sendable, Hashable {
        package var reason: String
        package var field: String
        package var message: String
    }

    package var code: Int
    package var reason: String
    package var message: String
    package var kind: ResourceKind?
    package var name: String?
    package var causes: [Cause] = []
    package var warnings: [String] = []

    package init(_ code: Int, _ reason: String, _ message: String, kind: ResourceKind? = nil, name: String? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.kind = kind
        self.name = name
    }

    static func badRequest(_ message: String) -> APIFailure { APIFailure(400, "BadRequest", message) }

    static func notFound(_ kind: ResourceKind, _ name: String) -> APIFailure {
        APIFailure(404, "NotFound", "\(kind.qualifiedPlural) \"\(name)\" not found", kind: kind, name: name)
    }

    static func noSuchPath(_ path: String) -> APIFailure {
        APIFailure(404, "NotFound", "the server could not find the requested resource: \(path.prefix(300))")
    }

    /// At most this many causes are listed; the message says how many there are.
    private static let listedCauses = 100

    static func invalid(_ resource: UnvalidatedResource, _ outcome: ResourceValidation.Outcome) -> APIFailure {
        let errors = outcome.errors
        var failure = APIFailure(
            422, "Invalid", "", kind: resource.kind, name: resource.metadata.name)
        failure.causes = errors.prefix(listedCauses).map { error in
            Cause(reason: error.code.causeReason, field: error.path, message: error.rendered(file: nil).withoutSeverity)
        }
        failure.warnings = outcome.warnings.map { $0.rendered(file: nil).withoutSeverity }
        let shown = failure.causes.prefix(10).map(\.message).joined(separator: "; ")
        let more = errors.count > 10 ? " (and \(errors.count - 10) more)" : ""
        failure.message = "\(resource.kind.name) \"\(resource.metadata.name)\" is invalid: \(shown)\(more)"
        return failure
    }

    package var response: APIResponse {
        var details: ManifestValue = [:]
        if let name { details["name"] = ManifestValue(.string(name)) }
        if let kind {
            details["kind"] = ManifestValue(.string(kind.plural))
            if !kind.group.isEmpty { details["group"] = ManifestValue(.string(kind.group)) }
        }
        if !causes.isEmpty {
            details["causes"] = ManifestValue(
                .array(
                    causes.map { cause in
                        [
                            "reason": ManifestValue(.string(cause.reason)), "field": ManifestValue(.string(cause.field)),
                            "message": ManifestValue(.string(cause.message)),
                        ]
                    }))
        }
        var status = tree
        status["details"] = details
        return .json(status, status: code, warnings: warnings)
    }

    /// Without details, as it stands in the stream of a watch.
    var tree: ManifestValue {
        [
            "apiVersion": "v1", "kind": "Status", "metadata": [:], "status": "Failure",
            "message": ManifestValue(.string(message)), "reason": ManifestValue(.string(reason)),
            "code": ManifestValue(.integer(Int64(code))),
        ]
    }

    init(_ error: StoreError) {
        let name = error.key?.name
        let kind = error.key?.kind
        let subject = kind.map { "\($0.qualifiedPlural) \"\(name ?? "")\"" } ?? ""
        switch error.code {
        case .notFound: self.init(404, "NotFound", "\(subject) not found", kind: kind, name: name)
        case .alreadyExists: self.init(409, "AlreadyExists", "\(subject) already exists", kind: kind, name: name)
        case .conflict:
            self.init(409, "Conflict", "Operation cannot be fulfilled on \(subject): \(error.message)", kind: kind, name: name)
        case .expired: self.init(410, "Expired", error.message)
        case .storage: self.init(500, "InternalError", error.message, kind: kind, name: name)
        }
    }
}

extension ResourceKind {
    /// `virtualservices.networking.istio.io`, as Kubernetes writes it in messages.
    package var qualifiedPlural: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

extension Diagnostic.Code {
    fileprivate var causeReason: String {
        switch self {
        case .required: "FieldValueRequired"
        case .duplicateField: "FieldValueDuplicate"
        case .wrongType: "FieldValueTypeInvalid"
        case .notServed: "FieldValueNotSupported"
        case .tooLarge: "FieldValueTooLong"
        case .syntax, .unknownField, .invalid, .deprecated, .noEffect, .notActedOn, .conflict:
            "FieldValueInvalid"
        }
    }
}

extension String {
    fileprivate var withoutSeverity: String {
        for prefix in ["error: ", "warning: "] where hasPrefix(prefix) { return String(dropFirst(prefix.count)) }
        return self
    }
}
