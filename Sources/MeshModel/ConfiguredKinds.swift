// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Resources taken apart by kind, in the order in which they were added.
struct ConfiguredKinds {
    private let domain: String
    var services: [Service] = []
    var entries: [Service] = []
    var workloads: [Workload] = []
    /// Host of a ServiceEntry → the endpoints written into it.
    var inline: [String: [Workload]] = [:]
    var virtualServices: [Configured<VirtualService>] = []
    var destinationRules: [Configured<DestinationRule>] = []
    var peerAuthentications: [Configured<PeerAuthentication>] = []
    var authorizationPolicies: [Configured<AuthorizationPolicy>] = []
    var telemetryPolicies: [Configured<TelemetryPolicy>] = []

    init(domain: String) { self.domain = domain }

    mutating func add(_ resource: ValidatedResource) {
        let metadata = resource.metadata
        switch resource.specification {
        case .namespace, .serviceAccount: break
        case .service(let spec): add(spec, metadata)
        case .serviceEntry(let spec): add(spec, metadata)
        case .workloadEntry(let spec):
            workloads.append(Workload(entry: spec, name: metadata.name, namespace: metadata.namespace, labels: metadata.labels))
        case .virtualService(let spec): virtualServices.append(configured(spec, metadata, exportTo: spec.exportTo))
        case .destinationRule(let spec): destinationRules.append(configured(spec, metadata, exportTo: spec.exportTo))
        case .peerAuthentication(let spec): peerAuthentications.append(configured(spec, metadata))
        case .authorizationPolicy(let spec):
            if spec.targetRefs.isEmpty { authorizationPolicies.append(configured(spec, metadata)) }
        case .telemetry(let spec):
            if spec.targetRefs.isEmpty { telemetryPolicies.append(configured(spec, metadata)) }
        }
    }

    private func configured<Spec>(_ spec: Spec, _ metadata: ResourceMetadata, exportTo: [String]? = nil) -> Configured<Spec> {
        Configured(
            name: metadata.name, namespace: metadata.namespace, annotations: metadata.annotations, specification: spec,
            visibility: Visibility(exportTo: exportTo, namespace: metadata.namespace))
    }

    // MARK: Services

    private mutating func add(_ spec: KubernetesService, _ metadata: ResourceMetadata) {
        let hostname = "\(metadata.name).\(metadata.namespace).svc.\(domain)".lowercased()
        let selector = spec.selector.flatMap { $0.isEmpty ? nil : $0 }
        let ports = spec.ports.map { port in
            ServicePort(
                name: port.name, number: port.port,
                portProtocol: PortProtocol(
                    appProtocol: port.appProtocol, portName: port.name, portNumber: port.port, transport: port.transport),
                target: port.targetPort.map(Self.target))
        }
        let exportTo = metadata.annotations["networking.istio.io/exportTo"]?.split(separator: ",").map {
            $0.filter { !$0.isWhitespace }
        }
        let external = spec.type == "ExternalName" ? spec.externalName : nil
        services.append(
            Service(
                hostname: hostname, name: metadata.name, namespace: metadata.namespace, source: .service, ports: ports,
                selector: external == nil ? selector : nil, resolution: external == nil ? .endpoints : .dns,
                isExternal: external != nil, addresses: spec.clusterIP.map { [$0] } ?? [],
                visibility: Visibility(exportTo: exportTo, namespace: metadata.namespace)))
        if let external {
            inline[hostname] = [
                Workload(
                    name: metadata.name, namespace: metadata.namespace, source: .inline(hostname: hostname), address: external)
            ]
        }
    }

    private static func target(_ port: KubernetesService.TargetPort) -> ServicePort.Target {
        switch port {
        case .number(let number): .number(number)
        case .name(let name): .name(name)
        }
    }

    private mutating func add(_ spec: ServiceEntry, _ metadata: ResourceMetadata) {
        let isExternal = spec.location == .external
        for host in spec.hosts.map({ $0.lowercased() }) {
            let resolution = Self.resolution(spec, host: host)
            entries.append(
                Service(
                    hostname: host, name: metadata.name, namespace: metadata.namespace, source: .serviceEntry,
                    ports: spec.ports.map(Self.port), selector: spec.workloadSelector.flatMap { $0.isEmpty ? nil : $0 },
                    resolution: resolution, isExternal: isExternal, addresses: spec.addresses,
                    visibility: Visibility(exportTo: spec.exportTo, namespace: metadata.namespace),
                    subjectAltNames: spec.subjectAltNames))
            guard inline[host] == nil else { continue }
            var endpoints = spec.endpoints.enumerated().map { index, entry in
                Workload(
                    entry: entry, name: "\(metadata.name)-\(index)", namespace: metadata.namespace, labels: [:],
                    source: .inline(hostname: host), mayHaveSidecar: !isExternal)
            }
            if endpoints.isEmpty, resolution == .dns, spec.workloadSelector == nil {
                endpoints = [
                    Workload(
                        name: metadata.name, namespace: metadata.namespace, source: .inline(hostname: host), address: host)
                ]
            }
            if !endpoints.isEmpty { inline[host] = endpoints }
        }
    }

    /// Without interception there is no original destination: what Istio would take from the connection, the name tells.
    private static func resolution(_ spec: ServiceEntry, host: String) -> Service.Resolution {
        switch spec.resolution {
        case .fixed: .endpoints
        case .dns, .dnsRoundRobin: .dns
        case .none, .dynamicDNS: Hostname.isWildcard(host) ? .none : .dns
        }
    }

    private static func port(_ port: ServiceEntry.Port) -> ServicePort {
        ServicePort(
            name: port.name, number: port.number,
            portProtocol: PortProtocol(appProtocol: port.protocol, portName: port.name, portNumber: port.number),
            target: port.targetPort.map { .number($0) })
    }
}
