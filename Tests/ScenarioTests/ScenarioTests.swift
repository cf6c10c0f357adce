// SPDX-License-Identifier: Apache-2.0
import MeshModel
import Testing

/// From YAML to the decision, through every pure part and no socket.
@Suite struct ScenarioTests {
    @Test(arguments: Scenario.names)
    func `what users write decides what proxies do`(name: String) throws {
        let scenario = try Scenario.load(name)
        let mesh = MeshSnapshotBuilder().build(scenario.resources, generation: 1)
        for call in scenario.calls {
            let answer: [String: String]
            if let server = call.to {
                let proxy = try #require(try SimulatedProxy.server(server, mesh: mesh), "\(name): no workload \(server)")
                answer = try InboundCall(proxy: proxy).answer(call)
            } else {
                answer = try OutboundCall(proxy: try SimulatedProxy.client(labels: call.labels, mesh: mesh)).answer(call)
            }
            for (key, expected) in call.expect.sorted(by: { $0.key < $1.key }) {
                #expect(answer[key] == expected, "\(name): \(call.name): \(key)")
            }
        }
    }

    @Test(arguments: Scenario.names)
    func `over time, what fails is tried elsewhere and left out`(name: String) throws {
        guard let timeline = try Timeline.load(name) else { return }
        let mesh = MeshSnapshotBuilder().build(try Scenario.load(name).resources, generation: 1)
        let authority = timeline.url.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        var traffic = try SimulatedTraffic(try SimulatedProxy.client(labels: nil, mesh: mesh), authority: authority)
        for step in timeline.steps {
            traffic.advance(to: step.at)
            let outcome = traffic.send(step.requests, answers: step.answers ?? [:])
            if let failed = step.expect.failed { #expect(outcome.failed == failed, "\(name): \(step.name)") }
            if let tries = step.expect.tries { #expect(outcome.tries == tries, "\(name): \(step.name)") }
            if let ejected = step.expect.ejected { #expect(traffic.ejected == ejected, "\(name): \(step.name)") }
        }
    }

    @Test(arguments: Scenario.names)
    func `the resources are those that were looked at before`(name: String) throws {
        let scenario = try Scenario.load(name)
        let golden = try GoldenResources(scenario)
        #expect(try GoldenResources(scenario).text == golden.text, "the same input gives the same bytes")
        try golden.compare()
    }

    @Test func `there are scenarios for every feature`() {
        #expect(Scenario.names.count >= 20)
    }
}
