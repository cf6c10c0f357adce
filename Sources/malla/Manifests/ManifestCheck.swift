// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// What of an input is right: the same for `validate`, which stops here, and for `apply`.
struct ManifestCheck: Sendable {
    struct Accepted: Sendable {
        var resource: ValidatedResource
        /// `file: Kind/name`
        var place: String
    }

    private(set) var accepted: [Accepted] = []
    private(set) var refused = 0
    /// Every finding as a line, in the order of the input.
    private(set) var lines: [String] = []
    /// What has been said already, so that the server's saying it again can be left out.
    private(set) var messages: Set<String> = []

    init(_ inputs: [ManifestInput]) {
        for input in inputs {
            for document in input.documents {
                for diagnostic in document.diagnostics {
                    lines.append(diagnostic.rendered(file: input.name))
                    messages.insert(diagnostic.message)
                }
                if let resource = document.validated, !document.hasErrors {
                    accepted.append(Accepted(resource: resource, place: "\(input.name): \(document.name)"))
                } else {
                    refused += 1
                }
            }
        }
    }

    var isEmpty: Bool { accepted.isEmpty && refused == 0 }
}
