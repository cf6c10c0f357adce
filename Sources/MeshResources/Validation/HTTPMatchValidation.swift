// SPDX-License-Identifier: Apache-2.0

enum HTTPMatchValidation {
    static func check(_ match: HTTPMatchRequest, at path: FieldPath, gatewaySemantics: Bool, _ findings: inout Findings) {
        if let uri = match.uri {
            check(uri, at: path.field("uri"), &findings)
            if uri == .present { findings.error(path.field("uri"), "needs `exact`, `prefix` or `regex`", code: .required) }
        }
        for (field, value) in [("scheme", match.scheme), ("method", match.method), ("authority", match.authority)] {
            if let value { check(value, at: path.field(field), &findings, allowsEmptyPrefix: false) }
        }
        for (field, headers) in [("headers", match.headers), ("withoutHeaders", match.withoutHeaders)] {
            for (name, value) in headers.sorted(by: { $0.key < $1.key }) {
                let place = path.field(field).key(name)
                if name.hasPrefix("@request.auth.claims") {
                    if !gatewaySemantics { findings.error(place, "JWT claims can only be matched on gateways") }
                } else if name.hasPrefix(":")
                    ? ![":path", ":method", ":authority", ":scheme"].contains(name) : !NameSyntax.isHeaderName(name)
                {
                    findings.error(place, "`\(name.prefix(60))` is not a header name")
                }
                // `*` is not an expression here: it asks whether the header is there.
                if field == "withoutHeaders", value == .regex("*") { continue }
                check(value, at: place, &findings, allowsEmptyPrefix: false)
            }
        }
        for (name, value) in match.queryParams.sorted(by: { $0.key < $1.key }) {
            check(value, at: path.field("queryParams").key(name), &findings, allowsEmptyPrefix: false)
        }
        if let port = match.port, port != 0, !(1...65535).contains(port) {
            findings.error(path.field("port"), "\(port) is not a port (1 … 65535)")
        }
        MetadataValidation.check(labels: match.sourceLabels, at: path.field("sourceLabels"), &findings)
        if let namespace = match.sourceNamespace, !namespace.isEmpty, !NameSyntax.isDNSLabel(namespace) {
            findings.error(path.field("sourceNamespace"), "`\(namespace.prefix(100))` is not a namespace's name")
        }
        for (index, gateway) in match.gateways.enumerated() {
            VirtualServiceValidation.checkGateway(gateway, at: path.field("gateways").index(index), &findings)
        }
        if let prefix = match.statPrefix, prefix.isEmpty { findings.error(path.field("statPrefix"), "is empty") }
    }

    /// An empty prefix says nothing; Istio takes it for `uri` alone.
    static func check(_ match: StringMatch, at path: FieldPath, _ findings: inout Findings, allowsEmptyPrefix: Bool = true) {
        if match == .prefix(""), !allowsEmptyPrefix { findings.error(path.field("prefix"), "is empty") }
        guard case .regex(let pattern) = match else { return }
        if pattern.isEmpty {
            findings.error(path.field("regex"), "is empty")
        } else if let problem = RegexSyntax.problem(pattern) {
            findings.error(path.field("regex"), "`\(pattern.prefix(60))` \(problem)")
        }
    }
}
