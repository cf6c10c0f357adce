// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

extension IntegrationSuite {
    @Suite(.enabled(if: ClientPrograms.curl, "curl or openssl is not installed"))
    struct CurlTests {
        struct Row: Sendable {
            enum Way: Sendable { case plain, tls, throughHTTP2 }

            var name: String
            var way = Way.plain
            var arguments: [String]
            var path: String
            /// How status, version of HTTP, bytes down and bytes up begin; curl counts the framing of chunks too.
            var figures: String
            /// Of the body, where it is text.
            var body: String?
        }

        private static let size = 2 << 20
        private static let upload = (1 << 20) + 1
        private static let sum = "\(upload) \(OriginServer.sum(upload))"

        static let rows: [Row] =
            [
                Row(name: "HTTP/1.1", arguments: ["--http1.1"], path: "/bytes/\(size)", figures: "200 1.1 \(size) 0"),
                Row(name: "HTTP/1.1, chunks", arguments: ["--http1.1"], path: "/chunks/\(size)", figures: "200 1.1 \(size) 0"),
                Row(
                    name: "HTTP/2, prior knowledge", arguments: ["--http2-prior-knowledge"], path: "/bytes/\(size)",
                    figures: "200 2 \(size) 0"),
                Row(
                    name: "an offer of h2c is not taken", arguments: ["--http2"], path: "/bytes/\(size)",
                    figures: "200 1.1 \(size) 0"),
                Row(name: "HTTP/2 by ALPN", way: .tls, arguments: ["--http2"], path: "/bytes/\(size)", figures: "200 2 \(size) 0"),
                Row(
                    name: "HTTP/1.1 by ALPN", way: .tls, arguments: ["--http1.1"], path: "/bytes/\(size)",
                    figures: "200 1.1 \(size) 0"),
                Row(
                    name: "HTTP/1.1 without ALPN", way: .tls, arguments: ["--http1.1", "--no-alpn"], path: "/bytes/100",
                    figures: "200 1.1 100 0"),
                Row(name: "TLS 1.2", way: .tls, arguments: ["--tls-max", "1.2"], path: "/bytes/100", figures: "200 2 100 0"),
                Row(
                    name: "HTTP/1.1 to HTTP/2 to HTTP/1.1", way: .throughHTTP2, arguments: ["--http1.1"], path: "/bytes/\(size)",
                    figures: "200 1.1 \(size) 0"),
                Row(
                    name: "HTTP/2 to HTTP/2 to HTTP/1.1", way: .throughHTTP2, arguments: ["--http2-prior-knowledge"],
                    path: "/chunks/\(size)", figures: "200 2 \(size) 0"),
                Row(
                    name: "a slow reader", arguments: ["--limit-rate", "2M"], path: "/bytes/\(size)", figures: "200 1.1 \(size) 0"),
                Row(name: "what is not there", arguments: [], path: "/", figures: "404 1.1 13 0", body: "no such thing"),
            ]
            + ["--http1.1", "--http2-prior-knowledge"].flatMap { version in
                let number = version == "--http1.1" ? "1.1" : "2"
                return [
                    Row(
                        name: "range, \(number)", arguments: [version, "--range", "100-299"], path: "/bytes/1000",
                        figures: "206 \(number) 200 0"),
                    Row(
                        name: "HEAD, \(number)", arguments: [version, "--head"], path: "/bytes/1000", figures: "200 \(number) 0 0"),
                    Row(
                        name: "upload, \(number)", arguments: [version, "-T", "UPLOAD"], path: "/sum",
                        figures: "200 \(number) \(sum.count) \(upload)", body: sum),
                    Row(
                        name: "upload that waits for 100, \(number)",
                        arguments: [version, "-H", "Expect: 100-continue", "-T", "UPLOAD"],
                        path: "/sum", figures: "200 \(number) \(sum.count) \(upload)", body: sum),
                    Row(
                        name: "upload through HTTP/2, \(number)", way: .throughHTTP2, arguments: [version, "-T", "UPLOAD"],
                        path: "/sum",
                        figures: "200 \(number) \(sum.count) \(upload)", body: sum),
                    Row(
                        name: "form, \(number)", arguments: [version, "--data-binary", "@UPLOAD"], path: "/sum",
                        figures: "200 \(number) \(sum.count) \(upload)", body: sum),
                ]
            }
            + [
                Row(
                    name: "upload in chunks", arguments: ["--http1.1", "-H", "Transfer-Encoding: chunked", "-T", "UPLOAD"],
                    path: "/sum", figures: "200 1.1 \(sum.count) ", body: sum),
                Row(
                    name: "upload behind TLS", way: .tls, arguments: ["-T", "UPLOAD"], path: "/sum",
                    figures: "200 2 \(sum.count) \(upload)", body: sum),
            ]

        /// One proxy for all of them: they follow one another as in real life.
        @Test func `curl in every manner`() async throws {
            let origin = try await OriginServer()
            try await StandaloneProxy.with(upstream: origin.port) { proxy in
                let bytes = OriginServer.bytes(0..<Self.upload)
                try Data(bytes).write(to: URL(filePath: "\(proxy.directory)/upload"))
                for row in Self.rows { try await Self.check(row, proxy) }
            }
            try await origin.stop()
        }

        @Test func `one connection serves many requests, and many at once`() async throws {
            let origin = try await OriginServer()
            try await StandaloneProxy.with(upstream: origin.port) { proxy in
                // HTTP/2 behind TLS: with prior knowledge curl 7.88 writes no second request on a connection (error 16), before Envoy
                // neither; nghttp and h2load do.
                let ways = [["--http1.1", "http://127.0.0.1:\(proxy.plain)"], ["--http2", "https://127.0.0.1:\(proxy.tls)"]]
                for way in ways {
                    let some = [String](repeating: way[1] + "/bytes/1000", count: 20).flatMap { [$0, "-o", "/dev/null"] }
                    let start = ["-s", "-k", way[0], "-w", "%{http_code} %{num_connects}\\n"]
                    let run = try await ProgramRun.run("curl", start + some)
                    #expect(run.output == "200 1\n" + String(repeating: "200 0\n", count: 19), "\(way)")
                    let parallel = try await ProgramRun.run("curl", start + ["--parallel"] + some)
                    #expect(
                        parallel.output.split(separator: "\n").count { $0.hasPrefix("200 ") } == 20, "\(way) \(parallel)")
                }
            }
            try await origin.stop()
        }

        private static func check(_ row: Row, _ proxy: StandaloneProxy) async throws {
            let start =
                switch row.way {
                case .plain: "http://127.0.0.1:\(proxy.plain)"
                case .tls: "https://127.0.0.1:\(proxy.tls)"
                case .throughHTTP2: "http://127.0.0.1:\(proxy.throughHTTP2)"
                }
            let body = "\(proxy.directory)/body"
            try? FileManager.default.removeItem(atPath: body)
            let arguments = row.arguments.map { $0.replacing("UPLOAD", with: "\(proxy.directory)/upload") }
            let run = try await ProgramRun.run(
                "curl",
                [
                    "-s", "-k", "--max-time", "60", "-o", body, "-w",
                    "%{http_code} %{http_version} %{size_download} %{size_upload}",
                ] + arguments + [start + row.path])
            #expect(run.code == 0 && run.output.hasPrefix(row.figures), "\(row.name): \(run)")
            guard !row.arguments.contains("--head") else { return }
            let data = FileManager.default.contents(atPath: body) ?? Data()
            if let text = row.body {
                #expect(String(decoding: data, as: UTF8.self) == text, "\(row.name)")
            } else {
                let first = row.arguments.contains("--range") ? 100 : 0
                #expect(data == Data(OriginServer.bytes(first..<(first + data.count))), "\(row.name)")
            }
        }
    }
}
