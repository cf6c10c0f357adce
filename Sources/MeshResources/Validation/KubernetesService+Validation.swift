// SPDX-License-Identifier: Apache-2.0

enum KubernetesServiceValidation {
    static func check(_ service: KubernetesService, _ findings: inout Findings) {
        let ports = FieldPath("spec.ports")
        if service.ports.isEmpty, service.type != "ExternalName", service.clusterIP != "None" {
            findings.error(ports, "a Service needs at least one port", code: .required)
        }
        var names: Set<String> = []
        var numbers: Set<String> = []
        for (index, port) in service.ports.enumerated() {
            let path = ports.index(index)
            if port.port == 0 { findings.error(path.field("port"), "`port` is missing", code: .required) }
            if port.name.isEmpty, service.ports.count > 1 {
                findings.error(path.field("name"), "with several ports each needs a name", code: .required)
            }
            if !port.name.isEmpty {
                if !NameSyntax.isDNSLabel(port.name) {
                    findings.error(path.field("name"), "`\(port.name.prefix(100))` is not a port name")
                }
                if !names.insert(port.name).inserted {
                    findings.error(path.field("name"), "two ports are named `\(port.name)`", code: .conflict)
                }
            }
            if !numbers.insert("\(port.port)/\(port.transport)").inserted {
                findings.error(path.field("port"), "port \(port.port) is given twice", code: .conflict)
            }
            if case .number(let target)? = port.targetPort, !(1...65535).contains(target) {
                findings.error(path.field("targetPort"), "\(target) is not a port (1 … 65535)")
            }
        }
        MetadataValidation.check(labels: service.selector ?? [:], at: FieldPath("spec.selector"), &findings)
    }
}
