// SPDX-License-Identifier: Apache-2.0

/// JSON merge patch, RFC 7396.
package enum MergePatch {
    package static func apply(_ patch: ManifestValue, to target: ManifestValue) -> ManifestValue {
        guard let changes = patch.members else { return patch }
        var members = target.members ?? []
        // By name, so that a patch with very many members costs no more than reading it.
        var places = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
        var removed: Set<Int> = []
        for change in changes {
            let place = places[change.key]
            if change.value.isNull {
                if let place { removed.insert(place) }
            } else {
                let new = ManifestMember(change.key, apply(change.value, to: place.map { members[$0].value } ?? .null))
                if let place {
                    members[place] = new
                } else {
                    places[change.key] = members.count
                    members.append(new)
                }
            }
        }
        guard !removed.isEmpty else { return ManifestValue(.object(members)) }
        return ManifestValue(.object(members.enumerated().filter { !removed.contains($0.offset) }.map(\.element)))
    }
}
