// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Kinds as people type them: `vs`, `virtualservices,dr`, `svc/payments`.
enum KindArgument {
    typealias Target = (kind: ResourceKind, names: [String])

    static func kinds(_ text: String) throws -> [ResourceKind] {
        if text.lowercased() == "all" { return ResourceKind.allCases.filter { $0 != .namespace } }
        return try text.split(separator: ",").map { word in
            guard let kind = ResourceKind(argument: String(word)) else {
                let served = ResourceKind.allCases.map(\.plural).joined(separator: ", ")
                throw CommandFailure(.usage, "no kind \(word.prefix(100)); served are \(served)")
            }
            return kind
        }
    }

    /// `KIND NAME…` or `KIND/NAME…`; no names means all of the kind.
    static func targets(_ arguments: [String]) throws -> [Target] {
        guard let first = arguments.first else { throw CommandFailure(.usage, "a kind is needed, such as virtualservices") }
        guard first.contains("/") else {
            return try kinds(first).map { ($0, Array(arguments.dropFirst())) }
        }
        var targets: [Target] = []
        for argument in arguments {
            let sides = argument.split(separator: "/", maxSplits: 1).map(String.init)
            guard sides.count == 2, !sides[1].contains("/"), let kind = try kinds(sides[0]).first else {
                throw CommandFailure(.usage, "\(argument) is not of the form KIND/NAME")
            }
            if let index = targets.firstIndex(where: { $0.kind == kind }) {
                targets[index].names.append(sides[1])
            } else {
                targets.append((kind, [sides[1]]))
            }
        }
        return targets
    }
}
