// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes

/// A proxy process, started from a file, and where its listeners are.
struct ProxyUnderTest: Sendable {
    private let process: ChildProcess
    let ports: [String: Int]

    /// - Parameter kind: Whose listeners have to be there; nil: any one.
    static func start(
        _ executable: String, _ arguments: [String], bootstrap: String, of kind: BootstrapFile? = nil, directory: String
    ) async throws -> ProxyUnderTest {
        let addressPath = "\(directory)/admin-address"
        let log = "\(directory)/log"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let process = try await ChildProcess.start(
            ProcessLaunch(
                executable: executable,
                arguments: ["-c", bootstrap, "--concurrency", "1", "--admin-address-path", addressPath] + arguments,
                environment: ProcessInfo.processInfo.environment, output: .appended(toFile: log), errors: .appended(toFile: log),
                parentDeathSignal: SIGKILL))
        do {
            var ports: [String: Int] = [:]
            try await waitUntil("\(executable) to listen (\(log))", within: .seconds(60)) {
                let address = try String(contentsOfFile: addressPath, encoding: .utf8)
                guard let admin = address.split(separator: ":").last.flatMap({ Int($0) }) else { return false }
                ports = try await Self.ports(admin: admin)
                guard let kind else { return !ports.isEmpty }
                return DifferentialCase.Listener.allCases.allSatisfy { $0.bootstrap != kind || ports[$0.rawValue] != nil }
            }
            return ProxyUnderTest(process: process, ports: ports)
        } catch {
            _ = await process.stop(SIGKILL, grace: .zero)
            throw error
        }
    }

    /// From the admin's `/listeners`: `name::address:port` lines.
    private static func ports(admin: Int) async throws -> [String: Int] {
        let answer = try await RawConnection.exchange(
            "GET /listeners HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", port: admin)
        var ports: [String: Int] = [:]
        for line in answer.text.replacing("\r\n", with: "\n").split(separator: "\n") {
            let sides = line.split(separator: "::", maxSplits: 1)
            guard sides.count == 2,
                let port = sides[1].split(separator: ":").last.flatMap({ Int($0.trimmingCharacters(in: .whitespaces)) })
            else { continue }
            ports[String(sides[0])] = port
        }
        return ports
    }

    func stop() async { _ = await self.process.stop(SIGKILL, grace: .seconds(5)) }

    /// Sends the case's bytes and watches what becomes of the connection.
    func outcome(of test: DifferentialCase) async throws -> Outcome {
        let connection = try await RawConnection.open(port: self.ports[test.listener.rawValue] ?? 0)
        // A proxy that closes while it is being written to is an outcome, not an error.
        if test.finishes, test.followUp.isEmpty {
            try? await connection.sendLast(test.bytes)
        } else {
            try? await connection.send(test.bytes)
        }
        let isHead = test.isHead
        let wanted = test.responses
        var answer = await connection.receive(within: wanted == 0 ? .milliseconds(300) : .seconds(5)) {
            if test.isHTTP2 {
                let reader = HTTP2AnswerReader($0)
                return wanted > 0 && (reader.ended >= wanted || reader.isOver)
            }
            return wanted > 0 && ResponseReader($0, isHead: isHead).finals >= wanted
        }
        if !test.followUp.isEmpty {
            if test.finishes { try? await connection.sendLast(test.followUp) } else { try? await connection.send(test.followUp) }
            let already = answer.bytes.count
            answer = await connection.receive(within: .seconds(2)) { $0.bytes.count >= already + test.followUp.count }
        }
        // Time to close, for one that does.
        answer = await connection.receive(within: .milliseconds(300)) { _ in false }
        await connection.close()
        return test.isHTTP2 ? Outcome(frames: answer) : Outcome(answer, isHead: isHead)
    }
}
