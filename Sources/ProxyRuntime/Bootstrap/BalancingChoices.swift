// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// `load_balancing_policy.policies` lists policies of which a proxy takes the first that it has, so the others need not be known.
/// Everywhere else a typed configuration that we do not know is a mistake.
enum BalancingChoices {
    /// The document with an empty entry for each policy that this proxy does not have; unchanged where it has none of a list.
    static func known(_ tree: DocumentTree) -> DocumentTree {
        switch tree {
        case .list(let items):
            return .list(items.map(Self.known))
        case .object(var members):
            for (name, member) in members {
                let isPolicy = name == "load_balancing_policy" || name == "loadBalancingPolicy"
                members[name] = isPolicy ? Self.chosen(member) : Self.known(member)
            }
            return .object(members)
        default:
            return tree
        }
    }

    private static func chosen(_ tree: DocumentTree) -> DocumentTree {
        guard case .object(var members) = tree, case .list(let policies)? = members["policies"] else { return tree }
        let kept = policies.map { Self.isKnown($0) ? $0 : .object([:]) }
        guard policies.contains(where: Self.isKnown) else { return tree }
        members["policies"] = .list(kept)
        return .object(members)
    }

    /// What has no type at all is for the decoder to refuse.
    private static func isKnown(_ policy: DocumentTree) -> Bool {
        guard case .object(let members) = policy,
            case .object(let extended)? = members["typed_extension_config"] ?? members["typedExtensionConfig"],
            case .object(let configuration)? = extended["typed_config"] ?? extended["typedConfig"],
            case .text(let typeURL)? = configuration["@type"]
        else { return true }
        return Google_Protobuf_Any.messageType(forTypeURL: typeURL) != nil
    }
}
