// SPDX-License-Identifier: Apache-2.0

/// JSON merge patch, RFC 7396.
package enum MergePatch {
    package static func apply(_ patch: ManifestValue, to target: ManifestValue) -> ManifestValue {
        guard let changes = patch.members else { return patch }
        var members = target.members ?? []
        for change in changes {
            let index = members.firstIndex { $0.key == change.key }
            if change.value.isNull {
                if let index { members.remove(at: index) }
            } else {
                let old = index.map { members[$0].value } ?? .null
                let new = ManifestMember(change.key, apply(change.value, to: old))
                if let index { members[index] = new } else { members.append(new) }
            }
        }
        return ManifestValue(.object(members))
    }
}
