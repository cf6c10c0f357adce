// SPDX-License-Identifier: Apache-2.0

enum HeaderValidation {
    static func check(_ headers: HeaderOperations?, at path: FieldPath, _ findings: inout Findings) {
        guard let headers else { return }
        for (side, edits) in [("request", headers.request), ("response", headers.response)] {
            for (field, values) in [("set", edits.set), ("add", edits.add)] {
                for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                    let place = path.field(side).field(field).key(name)
                    check(name, allowsAuthority: side == "request", at: place, &findings)
                    if value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) {
                        findings.error(place, "a header's value has no line ends and no NUL")
                    }
                }
            }
            for (index, name) in edits.remove.enumerated() {
                check(name, allowsAuthority: false, at: path.field(side).field("remove").index(index), &findings)
            }
        }
    }

    static func isAuthority(_ name: String) -> Bool { [":authority", "host"].contains(name.lowercased()) }

    private static func check(_ name: String, allowsAuthority: Bool, at path: FieldPath, _ findings: inout Findings) {
        if isAuthority(name) {
            if !allowsAuthority { findings.error(path, "`\(name)` cannot be changed here") }
        } else if name.hasPrefix(":") {
            findings.error(path, "`\(name.prefix(60))` cannot be changed here; `rewrite` changes path and authority")
        } else if !NameSyntax.isHeaderName(name) {
            findings.error(path, "`\(name.prefix(60))` is not a header name")
        }
    }
}
