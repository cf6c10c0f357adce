// SPDX-License-Identifier: Apache-2.0

/// `region/zone/sub-zone`, of a workload or, with `*` for "any from here on", of a rule.
struct LocalityName: Hashable {
    var region: String
    var zone: String
    var subZone: String

    init(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        region = parts.first ?? ""
        zone = parts.count > 1 ? parts[1] : ""
        subZone = parts.count > 2 ? parts[2] : ""
    }

    /// How many of region, zone and sub-zone differ from this one's on, outermost first: 0 … 3.
    func distance(to other: LocalityName) -> Int {
        if region != other.region { return 3 }
        if zone != other.zone { return 2 }
        return subZone == other.subZone ? 0 : 1
    }

    /// What a rule leaves out, it takes all of.
    func includes(_ place: LocalityName) -> Bool {
        for (wanted, actual) in [(region, place.region), (zone, place.zone), (subZone, place.subZone)] {
            if wanted == "*" || wanted.isEmpty { return true }
            if wanted != actual { return false }
        }
        return true
    }
}
