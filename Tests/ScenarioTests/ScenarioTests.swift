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

    @Test func `there are scenarios for every feature`() {
        #expect(Scenario.names.count >= 20)
    }
}
