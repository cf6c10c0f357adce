// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

extension IntegrationSuite {
    @Suite struct LoadClientTests {
        @Test(.enabled(if: ClientPrograms.h2load, "h2load or openssl is not installed"))
        func `h2load, HTTP/1 and HTTP/2, plain and behind TLS`() async throws {
            let origin = try await OriginServer()
            try await StandaloneProxy.with(upstream: origin.port) { proxy in
                let ways = [
                    (["--h1"], "http://127.0.0.1:\(proxy.plain)"), (["-m", "20"], "http://127.0.0.1:\(proxy.plain)"),
                    (["--h1"], "https://127.0.0.1:\(proxy.tls)"), (["-m", "20"], "https://127.0.0.1:\(proxy.tls)"),
                    (["-m", "20"], "http://127.0.0.1:\(proxy.throughHTTP2)"),
                ]
                for (arguments, url) in ways {
                    let run = try await ProgramRun.run(
                        "h2load", ["-n", "2000", "-c", "10"] + arguments + ["\(url)/bytes/500"])
                    #expect(
                        run.output.contains("2000 succeeded, 0 failed, 0 errored, 0 timeout"), "\(arguments) \(url): \(run)")
                    #expect(run.output.contains("status codes: 2000 2xx"), "\(arguments) \(url)")
                }
            }
            try await origin.stop()
        }

        @Test(.enabled(if: ClientPrograms.nghttp, "nghttp or openssl is not installed"))
        func `nghttp with padding, small windows, uploads and many at once`() async throws {
            let origin = try await OriginServer()
            try await StandaloneProxy.with(upstream: origin.port) { proxy in
                let bytes = OriginServer.bytes(0..<100_000)
                try Data(bytes).write(to: URL(filePath: "\(proxy.directory)/upload"))
                let plain = "http://127.0.0.1:\(proxy.plain)"
                let ways: [([String], Int)] = [
                    (["\(plain)/bytes/100000"], 1), (["--padding", "200", "\(plain)/bytes/100000"], 1),
                    (["-w", "10", "-W", "10", "\(plain)/bytes/100000"], 1), (["-m", "50", "\(plain)/chunks/1000"], 50),
                    (["https://127.0.0.1:\(proxy.tls)/bytes/100000"], 1),
                    (["--no-dep", "-c", "0", "\(plain)/bytes/1000"], 1),
                ]
                for (arguments, count) in ways {
                    let run = try await ProgramRun.run("nghttp", ["-n", "-s", "-t", "20"] + arguments)
                    let answered = run.output.split(separator: "\n").count { $0.contains(" 200 ") }
                    #expect(run.code == 0 && answered == count, "\(arguments): \(run)")
                }
                let upload = try await ProgramRun.run(
                    "nghttp", ["-t", "20", "-d", "\(proxy.directory)/upload", "\(plain)/sum"])
                #expect(upload.output.contains("100000 \(OriginServer.sum(100_000))"), "\(upload)")
            }
            try await origin.stop()
        }

        /// What real clients leave behind must not stay: connections and streams that they break off.
        @Test(.enabled(if: ClientPrograms.curl, "curl or openssl is not installed"))
        func `clients that break off`() async throws {
            let origin = try await OriginServer()
            try await StandaloneProxy.with(upstream: origin.port) { proxy in
                for version in ["--http1.1", "--http2-prior-knowledge"] {
                    for _ in 0..<5 {
                        let run = try await ProgramRun.run(
                            "curl",
                            [
                                "-s", version, "--limit-rate", "1M", "--max-time", "0.3", "-o", "/dev/null",
                                "http://127.0.0.1:\(proxy.plain)/bytes/\(20 << 20)",
                            ])
                        // 28: curl's own "operation timed out".
                        #expect(run.code == 28, "\(run)")
                    }
                    let good = try await ProgramRun.run(
                        "curl",
                        ["-s", version, "-o", "/dev/null", "-w", "%{http_code}", "http://127.0.0.1:\(proxy.plain)/bytes/10"])
                    #expect(good.output == "200")
                }
            }
            try await origin.stop()
        }
    }
}
