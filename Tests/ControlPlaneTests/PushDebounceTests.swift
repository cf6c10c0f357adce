// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import ControlPlane

@Suite struct PushDebounceTests {
    @Test func `a push waits for quiet, but not for ever`() {
        var debounce = PushDebounce(quiet: .milliseconds(20), maximum: .milliseconds(50))
        let start = ContinuousClock.now
        #expect(debounce.deadline == nil)
        debounce.changed(at: start)
        #expect(debounce.deadline == start + .milliseconds(20))
        debounce.changed(at: start + .milliseconds(15))
        #expect(debounce.deadline == start + .milliseconds(35))
        debounce.changed(at: start + .milliseconds(45))
        #expect(debounce.deadline == start + .milliseconds(50))
        debounce.pushed()
        #expect(debounce.deadline == nil)
    }
}

@Suite struct ConnectedWorkloadsTests {
    private let a = ConnectedWorkloads.Name(namespace: "default", name: "a")

    @Test func `a workload is stale some time after its last proxy has gone`() {
        var workloads = ConnectedWorkloads()
        let start = ContinuousClock.now
        func stale(_ seconds: Int) -> [ConnectedWorkloads.Name] {
            workloads.stale(among: [a], at: start + .seconds(seconds), gone: .seconds(10), unseen: .seconds(60))
        }
        workloads.connected(a, connection: 1)
        workloads.connected(a, connection: 2)
        workloads.disconnected(a, connection: 1, at: start)
        #expect(stale(100) == [])
        workloads.disconnected(a, connection: 2, at: start + .seconds(100))
        #expect(stale(109) == [])
        #expect(stale(110) == [a])
        workloads.connected(a, connection: 3)
        #expect(stale(200) == [])
    }

    @Test func `one that never came is given longer`() {
        var workloads = ConnectedWorkloads()
        let start = ContinuousClock.now
        #expect(workloads.stale(among: [a], at: start, gone: .seconds(10), unseen: .seconds(60)) == [])
        #expect(workloads.stale(among: [a], at: start + .seconds(59), gone: .seconds(10), unseen: .seconds(60)) == [])
        #expect(workloads.stale(among: [a], at: start + .seconds(60), gone: .seconds(10), unseen: .seconds(60)) == [a])
    }
}
