// SPDX-License-Identifier: Apache-2.0

/// A name and ports for a set of workloads (core/v1 Service).
package struct KubernetesService: Sendable, Hashable {
    package enum TargetPort: Sendable, Hashable {
        case number(Int)
        case name(String)
    }

    package struct Port: Sendable, Hashable {
        package var name: String
        package var port: Int
        package var targetPort: TargetPort?
        /// `TCP` unless set.
        package var transport: String
        package var appProtocol: String?
    }

    package var ports: [Port]
    package var selector: [String: String]?
    /// `None` for a headless service.
    package var clusterIP: String?
    package var type: String
    package var externalName: String?

    package init(spec: ManifestValue) {
        ports = spec.list("ports") { tree in
            let target: TargetPort? =
                tree.int("targetPort").map { .number($0) } ?? tree.string("targetPort").map { .name($0) }
            return Port(
                name: tree.string("name") ?? "", port: tree.int("port") ?? 0, targetPort: target,
                transport: tree.string("protocol") ?? "TCP", appProtocol: tree.string("appProtocol"))
        }
        selector = spec.stringMap("selector")
        clusterIP = spec.string("clusterIP")
        type = spec.string("type") ?? "ClusterIP"
        externalName = spec.string("externalName")
    }
}
