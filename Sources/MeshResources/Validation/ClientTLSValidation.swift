// SPDX-License-Identifier: Apache-2.0

/// `trafficPolicy.tls`.
enum ClientTLSValidation {
    static func check(_ tls: ClientTLSSettings, at path: FieldPath, _ findings: inout Findings) {
        let credential = tls.credentialName ?? ""
        if tls.insecureSkipVerify == true, tls.mode == .simple || tls.mode == .mutual {
            if !tls.subjectAltNames.isEmpty || !(tls.caCertificates ?? "").isEmpty || (tls.mode == .simple && !credential.isEmpty) {
                findings.error(
                    path.field("insecureSkipVerify"),
                    "nothing is verified, so no `caCertificates`, `credentialName`, `subjectAltNames`",
                    code: .conflict)
            }
        }
        let files = [tls.clientCertificate, tls.privateKey, tls.caCertificates, tls.caCRL].compactMap { $0 }.filter { !$0.isEmpty }
        switch tls.mode {
        case .simple, .mutual:
            if !credential.isEmpty {
                if !files.isEmpty {
                    findings.error(path.field("credentialName"), "either `credentialName` or files, not both", code: .conflict)
                }
            } else if tls.mode == .mutual {
                for (field, value) in [("clientCertificate", tls.clientCertificate), ("privateKey", tls.privateKey)]
                where (value ?? "").isEmpty {
                    findings.error(
                        path.field(field), "`\(field)` is missing: mode MUTUAL needs it, or `credentialName`", code: .required)
                }
            }
        case .istioMutual:
            if !files.isEmpty || !credential.isEmpty {
                findings.warning(
                    path, "mode ISTIO_MUTUAL uses the workload's own certificate: files and `credentialName` have no effect")
            }
        case .disable: break
        }
    }
}
