// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Makes a workload known to the API server, keeps it known, and takes it back.
package struct WorkloadRegistry: Sendable {
    private var objects: WorkloadObjects
    private let api: any ResourceAPI

    package init(plan: RunPlan, api: any ResourceAPI) {
        objects = WorkloadObjects(plan: plan)
        self.api = api
    }

    package var plan: RunPlan { objects.plan }

    /// Makes namespace, service account and service where they do not exist; the plan's port names become the service's.
    package mutating func prepare() async throws {
        if try await api.get(objects.namespacePath) == nil {
            _ = try await api.create(encode(objects.namespace), in: "/api/v1/namespaces")
        }
        _ = try await api.create(encode(objects.serviceAccount), in: "\(objects.namespacePath)/serviceaccounts")
        guard !plan.ports.isEmpty else { return }
        if try await api.create(encode(objects.service), in: "\(objects.namespacePath)/services") { return }
        guard let service = try await service(plan.service, plan.namespace) else { return }
        let known = service.spec.ports ?? []
        for index in objects.plan.ports.indices {
            let number = objects.plan.ports[index].port
            guard let port = known.first(where: { $0.port == number }) else {
                let numbers = known.map { String($0.port) }.joined(separator: ", ")
                throw RunFailure(
                    "service \(plan.service) has no port \(number) (it has \(numbers)): give one of these to --port, or add the port to the service"
                )
            }
            if let name = port.name { objects.plan.ports[index].name = name }
        }
    }

    /// Picks a free port for every port whose command lets us choose.
    package mutating func chooseApplicationPorts() throws {
        for index in objects.plan.ports.indices where objects.plan.ports[index].applicationPort == 0 {
            guard let port = LoopbackProbe.freePort() else { throw RunFailure("no port is free on 127.0.0.1") }
            objects.plan.ports[index].applicationPort = port
        }
    }

    /// Addresses that other workloads of any namespace have, and the one that a former run of this one had.
    package func addresses() async throws -> (taken: Set<String>, own: String?) {
        struct List: Decodable { var items: [WorkloadObjects.Entry] }
        guard let data = try await api.get("/apis/networking.istio.io/v1/workloadentries") else { return ([], nil) }
        let entries = try JSONDecoder().decode(List.self, from: data).items
        func isOwn(_ entry: WorkloadObjects.Entry) -> Bool {
            entry.metadata.name == plan.name && entry.metadata.namespace == plan.namespace
        }
        let own = entries.first(where: isOwn)
        if let own { try checkMaker(own) }
        return (Set(entries.filter { !isOwn($0) }.map(\.spec.address)), own?.spec.address)
    }

    /// Full name and port of what an upstream leads to; waits a little for a service that is only now being made.
    package func resolve(_ upstream: UpstreamOption) async throws -> (host: String, port: Int) {
        let reference = upstream.reference(from: plan.namespace)
        let host = "\(reference.name).\(reference.namespace).svc.cluster.local"
        if let port = upstream.port { return (host, port) }
        let deadline = ContinuousClock.now + .seconds(10)
        repeat {
            if let port = try await service(reference.name, reference.namespace)?.spec.ports?.first?.port { return (host, port) }
            try await Task.sleep(for: .milliseconds(200))
        } while ContinuousClock.now < deadline
        throw RunFailure(
            "--upstream \(upstream.service): there is no such service yet; say its port: \(upstream.service):PORT:\(upstream.localPort)"
        )
    }

    /// Writes the WorkloadEntry, in place of one that a former run left.
    package func register(address: String) async throws {
        if try await api.create(encode(objects.entry(address: address)), in: objects.entriesPath) { return }
        guard let data = try await api.get(objects.entryPath) else {
            _ = try await api.create(encode(objects.entry(address: address)), in: objects.entriesPath)
            return
        }
        let existing = try JSONDecoder().decode(WorkloadObjects.Entry.self, from: data)
        try checkMaker(existing)
        let entry = objects.entry(address: address, resourceVersion: existing.metadata.resourceVersion)
        try await api.replace(objects.entryPath, with: encode(entry))
    }

    private func checkMaker(_ entry: WorkloadObjects.Entry) throws {
        guard entry.metadata.labels?[WorkloadObjects.managedBy] == WorkloadObjects.manager else {
            throw RunFailure(
                "WorkloadEntry \(plan.namespace)/\(plan.name) exists and was not made by `malla run`: choose another --name, or "
                    + "`malla delete workloadentry \(plan.name) -n \(plan.namespace)`")
        }
    }

    package func isRegistered() async throws -> Bool { try await api.get(objects.entryPath) != nil }

    package func deregister() async throws { try await api.delete(objects.entryPath) }

    /// A join token bound to the workload's service account, good for ten minutes.
    package func joinToken() async throws -> String {
        struct Request: Encodable {
            struct Spec: Encodable {
                var audiences = ["istio-ca"]
                var expirationSeconds = 600
            }
            var apiVersion = "authentication.k8s.io/v1"
            var kind = "TokenRequest"
            var spec = Spec()
        }
        struct Response: Decodable {
            struct Status: Decodable { var token: String }
            var status: Status
        }
        let data = try await api.post(encode(Request()), to: objects.tokenPath)
        return try JSONDecoder().decode(Response.self, from: data).status.token
    }

    private func service(_ name: String, _ namespace: String) async throws -> WorkloadObjects.Service? {
        guard let data = try await api.get(WorkloadObjects.servicePath(name, namespace)) else { return nil }
        return try JSONDecoder().decode(WorkloadObjects.Service.self, from: data)
    }

    private func encode(_ object: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(object)
    }
}
