// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// The condition by which a resource says that proxies do not take what it leads to: Istio's `Reconciled`.
enum RejectionCondition {
    static let type = "Reconciled"
    static let reason = "RejectedByProxy"

    static func stands(in tree: ManifestValue) -> Bool {
        (tree["status"]?["conditions"]?.array ?? []).contains { $0.string("type") == type && $0.string("reason") == reason }
    }

    /// The tree with the condition, or without it where `message` is nil. The time stays while the message does.
    static func set(_ message: String?, in tree: ManifestValue, at time: Date) -> ManifestValue {
        var tree = tree
        var status = tree["status"] ?? [:]
        let all = status["conditions"]?.array ?? []
        if let message, all.contains(where: { $0.string("type") == type && $0.string("message") == message }) { return tree }
        var conditions = all.filter { $0.string("type") != type }
        if let message {
            conditions.append([
                "type": .init(.string(type)), "status": "False", "reason": .init(.string(reason)),
                "message": .init(.string(message)), "lastTransitionTime": .init(.string(time.formatted(.iso8601))),
            ])
        }
        status["conditions"] = conditions.isEmpty ? nil : .init(.array(conditions))
        tree["status"] = status.members?.isEmpty == false ? status : nil
        return tree
    }
}
