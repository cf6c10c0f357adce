// SPDX-License-Identifier: Apache-2.0
import Analysis
import MeshResources
import Testing

@Suite struct MeshAnalysisTests {
    private func resource(
        _ kind: ResourceKind, _ name: String, in namespace: String = "default", _ spec: ManifestValue
    ) -> ValidatedResource {
        let tree: ManifestValue = [
            "apiVersion": ManifestValue(.string(kind.storageAPIVersion)), "kind": ManifestValue(.string(kind.name)),
            "metadata": ["name": ManifestValue(.string(name)), "namespace": ManifestValue(.string(namespace))], "spec": spec,
        ]
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: "v1", tree: tree))
    }

    private var mesh: [ValidatedResource] {
        [
            resource(.service, "auth", ["selector": ["app": "auth"], "ports": [["name": "http", "port": 8080]]]),
            resource(
                .workloadEntry, "auth-v1", ["address": "127.64.0.2", "labels": ["app": "auth", "version": "v1"]]),
        ]
    }

    private func codes(_ extra: ValidatedResource...) -> [String] {
        MeshAnalysis(mesh + extra).findings().map { "\($0.code.rawValue) \($0.resource.name) \($0.path)" }
    }

    @Test func `a sound mesh has no findings`() {
        let rule = resource(
            .destinationRule, "auth", ["host": "auth", "subsets": [["name": "v1", "labels": ["version": "v1"]]]])
        let route = resource(
            .virtualService, "auth",
            ["hosts": ["auth"], "http": [["route": [["destination": ["host": "auth", "subset": "v1"]]]]]])
        #expect(codes(rule, route) == [])
    }

    @Test func `the brief's routes to subsets that its DestinationRule does not declare are found`() {
        let rule = resource(.destinationRule, "auth", ["host": "auth"])
        let route = resource(
            .virtualService, "auth",
            [
                "hosts": ["auth"],
                "http": [
                    ["route": [["destination": ["host": "auth", "subset": "v1"]], ["destination": ["host": "nowhere"]]]]
                ],
            ])
        #expect(
            codes(rule, route) == [
                "IST0101 auth spec.http[0].route[0].destination.subset", "IST0101 auth spec.http[0].route[1].destination.host",
            ])
    }

    @Test func `hosts, subsets and selectors that nothing is behind`() {
        let unknown = resource(.destinationRule, "ghost", ["host": "ghost"])
        let empty = resource(
            .destinationRule, "auth", ["host": "auth", "subsets": [["name": "v9", "labels": ["version": "v9"]]]])
        let policy = resource(.authorizationPolicy, "p", ["selector": ["matchLabels": ["app": "ghost"]]])
        #expect(
            codes(unknown, empty, policy) == [
                "IST0127 p spec.selector", "IST0173 auth spec.subsets[0]", "IST0174 ghost spec.host",
            ])
    }

    @Test func `two VirtualServices for one host, and a route after a catch-all`() {
        let spec: ManifestValue = ["hosts": ["auth"], "http": [["route": [["destination": ["host": "auth"]]]]]]
        let twice: ManifestValue = [
            "hosts": ["auth.default.svc.cluster.local"],
            "http": [["route": [["destination": ["host": "auth"]]]], ["route": [["destination": ["host": "auth"]]]]],
        ]
        #expect(
            codes(resource(.virtualService, "a", spec), resource(.virtualService, "b", twice)) == [
                "IST0109 a spec.hosts", "IST0109 b spec.hosts", "IST0130 b spec.http[1]",
            ])
    }

    @Test func `the brief's zipkin is a provider nobody configured`() {
        let telemetry = resource(
            .telemetry, "mesh-default", in: "istio-system",
            ["accessLogging": [["providers": [["name": "envoy"]]]], "tracing": [["providers": [["name": "zipkin"]]]]])
        #expect(codes(telemetry) == ["IST0157 mesh-default "])
    }

    @Test func `delegates that are not there, and ports that say nothing`() {
        let front = resource(
            .virtualService, "front", ["hosts": ["auth"], "http": [["delegate": ["name": "nobody"]]]])
        let plain = resource(.service, "plain", ["ports": [["name": "web", "port": 8080]]])
        #expect(codes(front, plain) == ["IST0118 plain spec.ports[0]", "IST0101 front spec.http[0].delegate"])
    }

    @Test func `what a proxy rejects shows as a condition`() {
        let key = ResourceKey(kind: .destinationRule, namespace: "default", name: "auth")
        let tree: ManifestValue = [
            "apiVersion": "networking.istio.io/v1", "kind": "DestinationRule",
            "metadata": ["name": "auth", "namespace": "default"], "spec": ["host": "auth"],
            "status": ["conditions": [["type": "Reconciled", "status": "False", "reason": "RejectedByProxy", "message": "no"]]],
        ]
        let rule = ValidatedResource(stored: UnvalidatedResource(kind: .destinationRule, version: "v1", tree: tree))
        let found = MeshAnalysis(mesh + [rule]).findings()
        #expect(found.map(\.resource) == [key])
        #expect(
            found.first?.line(reference: "a.yaml:3")
                == "Warning [IST0171] (DestinationRule default/auth a.yaml:3) A condition with a negative status is present: type=Reconciled, reason=RejectedByProxy, message=no."
        )
    }
}
