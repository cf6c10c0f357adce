// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Ports whose protocol nothing tells: neither their name nor `appProtocol`.
struct PortNameCheck {
    var mesh: AnalyzedMesh

    func findings() -> [Finding] {
        mesh.resources.flatMap { resource -> [Finding] in
            guard case .service(let service) = resource.specification else { return [] }
            return service.ports.enumerated().compactMap { index, port in
                let path = "spec.ports[\(index)]"
                let isExternal = service.type == "ExternalName"
                let isTold = PortProtocol.isTold(
                    appProtocol: port.appProtocol, portName: port.name, portNumber: port.port, transport: port.transport)
                guard !isTold || (isExternal && port.name == "tcp") else { return nil }
                if isExternal {
                    return Finding(
                        .externalNamePortName, resource.key, path: path,
                        "Port name for ExternalName service is invalid. Proxy may prevent tcp named ports and unmatched traffic for ports serving TCP protocol from being forwarded correctly"
                    )
                }
                return Finding(
                    .portNameWithoutProtocol, resource.key, path: path,
                    "Port name \(port.name) (port: \(port.port), targetPort: \(Self.target(port))) doesn't follow the naming convention of Istio port."
                )
            }
        }
    }

    private static func target(_ port: KubernetesService.Port) -> String {
        switch port.targetPort {
        case .number(let number): String(number)
        case .name(let name): name
        case nil: "0"
        }
    }
}
