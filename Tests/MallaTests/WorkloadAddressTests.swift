// SPDX-License-Identifier: Apache-2.0
import Testing
import malla

@Suite struct WorkloadAddressTests {
    @Test func `candidates lie in 127 64 0 0 slash 10, differ, and stay the same for a name`() {
        let candidates = WorkloadAddress(namespace: "default", name: "auth-v1").candidates(64)
        #expect(Set(candidates).count == 64)
        #expect(candidates == WorkloadAddress(namespace: "default", name: "auth-v1").candidates(64))
        #expect(candidates != WorkloadAddress(namespace: "default", name: "auth-v2").candidates(64))
        for candidate in candidates {
            let octets = candidate.split(separator: ".").compactMap { Int($0) }
            #expect(octets.count == 4 && octets[0] == 127 && (64...127).contains(octets[1]) && (1...254).contains(octets[3]))
        }
    }

    @Test func `the preferred address first, then the first that is neither taken nor bound`() {
        let address = WorkloadAddress(namespace: "default", name: "auth-v1")
        let all = address.candidates(3)
        #expect(address.pick(preferred: "127.70.0.1", taken: [], isFree: { _ in true }) == "127.70.0.1")
        #expect(address.pick(preferred: "127.70.0.1", taken: ["127.70.0.1"], isFree: { _ in true }) == all[0])
        #expect(address.pick(preferred: nil, taken: [all[0]], isFree: { $0 != all[1] }) == all[2])
        #expect(address.pick(preferred: nil, taken: [], isFree: { _ in false }) == nil)
    }

    @Test func `the system is asked`() throws {
        let port = try #require(LoopbackProbe.freePort())
        #expect(LoopbackProbe.isFree("127.77.1.1", ports: [port]))
        #expect(!LoopbackProbe.accepts("127.77.1.1", port: port))
    }

    @Test func `a process is known by pid and start time`() throws {
        let parsed = try #require(
            ProcessRecord.parse(stat: "7 (a) b) S 1 7 7 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 4242 1 1"))
        #expect(parsed.state == "S" && parsed.startTime == 4242)
        #expect(ProcessRecord.parse(stat: "7 (x) S 1") == nil)
        let init1 = try #require(ProcessRecord(livingPID: 1))
        #expect(init1.isAlive)
        #expect(!ProcessRecord(pid: 1, startTime: init1.startTime + 1).isAlive)
    }

    @Test func `the command's environment leads into the mesh`() {
        let environment = CommandEnvironment(
            name: "order-v1", namespace: "default", service: "order-service", address: "127.70.0.9",
            ports: [PublishedPort(port: 8080, name: "http", applicationPort: 9001)]
        ).merged(into: ["HTTP_PROXY": "http://corporate", "PATH": "/bin"])
        #expect(environment["http_proxy"] == "http://127.70.0.9:15003")
        #expect(environment["HTTP_PROXY"] == nil)
        #expect(environment["no_proxy"] == "localhost,127.0.0.1,127.70.0.9")
        #expect(environment["PORT"] == "9001")
        #expect(environment["PATH"] == "/bin")
    }

    @Test func `a sidecar that dies at once is started ever later`() {
        var backoff = RestartBackoff()
        let delays = (0..<8).map { _ in backoff.delay(afterLiving: .zero) }
        #expect(delays.first == .milliseconds(100) && delays.last == .seconds(5))
        #expect(backoff.delay(afterLiving: .seconds(60)) == .milliseconds(100))
    }
}
