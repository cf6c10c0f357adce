// SPDX-License-Identifier: Apache-2.0
import ProxyRuntime
import Testing

@Suite struct ReadinessGateTests {
    @Test func `a sidecar needs its certificate, then its configuration`() {
        let gate = ReadinessGate(needsCertificate: true, needsConfiguration: true)
        #expect(gate.state == .preInitializing)
        gate.configurationApplied()
        #expect(gate.state == .preInitializing)
        gate.certificateInstalled()
        #expect(gate.state == .live)
        gate.drainStarted()
        #expect(gate.state == .draining)
    }

    @Test func `a proxy without identity needs no certificate`() {
        let gate = ReadinessGate(needsCertificate: false, needsConfiguration: true)
        #expect(gate.state == .initializing)
        gate.configurationApplied()
        #expect(gate.state == .live)
    }

    @Test func `an operator's word about health holds until it is taken back, and does not end a drain`() {
        let gate = ReadinessGate(needsCertificate: false, needsConfiguration: false)
        gate.healthCheckFails(true)
        #expect(gate.state == .draining)
        gate.healthCheckFails(false)
        #expect(gate.state == .live)
        gate.drainStarted()
        gate.healthCheckFails(false)
        #expect(gate.state == .draining)
    }

    @Test func `states have Envoy's numbers`() {
        let states: [ReadinessGate.State] = [.live, .draining, .preInitializing, .initializing]
        #expect(states.map(\.number) == [0, 1, 2, 3])
    }
}
