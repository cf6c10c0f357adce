// SPDX-License-Identifier: Apache-2.0

enum WorkloadEntryValidation {
    static func check(_ entry: WorkloadEntry, at path: FieldPath, _ findings: inout Findings) {
        if entry.address.isEmpty {
            if (entry.network ?? "").isEmpty {
                findings.error(path.field("address"), "`address` is missing", code: .required)
            } else {
                findings.warning(path, "without `address` it is reached through the gateway of its network only")
            }
        } else if entry.address.hasPrefix("unix://") {
            let socket = entry.address.dropFirst(7)
            if !socket.hasPrefix("/") && !socket.hasPrefix("@") {
                findings.error(path.field("address"), "`\(entry.address.prefix(100))` is not an absolute path of a Unix socket")
            }
            if !entry.ports.isEmpty { findings.error(path.field("ports"), "a Unix socket has no ports", code: .conflict) }
        } else if !AddressSyntax.isIP(entry.address), !NameSyntax.isHostname(entry.address) {
            findings.error(path.field("address"), "`\(entry.address.prefix(100))` is neither an IP address nor a host name")
        } else if !AddressSyntax.isIP(entry.address) {
            findings.warning(
                path.field("address"),
                "`\(entry.address.prefix(100))` is no IP address: only a ServiceEntry with `resolution: DNS` looks it up, other services leave it out"
            )
        }
        for (name, port) in entry.ports.sorted(by: { $0.key < $1.key }) {
            if !NameSyntax.isDNSLabel(name.lowercased()) {
                findings.error(path.field("ports").key(name), "`\(name.prefix(100))` is not a port name")
            }
            if !(1...65535).contains(port) { findings.error(path.field("ports").key(name), "\(port) is not a port (1 … 65535)") }
        }
        MetadataValidation.check(labels: entry.labels, at: path.field("labels"), &findings)
        if entry.labels.values.contains("") { findings.warning(path.field("labels"), "a label without a value") }
    }
}
