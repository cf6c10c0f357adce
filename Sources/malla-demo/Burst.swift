// SPDX-License-Identifier: Apache-2.0
import NIOHTTP1

/// A number of requests sent by this service, as itself, so many at a time.
struct Burst: Sendable {
    var url: String
    var count: Int
    var concurrency: Int
    var headers: HTTPHeaders
    /// Of each gRPC call.
    var deadline: Duration?

    /// From the query of the control path: `url`, `count`, `concurrency`, any number of `header=name:value`,
    /// `deadline` in milliseconds.
    init?(query: [(name: String, value: String)]) {
        func first(_ name: String) -> String? { query.first { $0.name == name }?.value }
        guard let url = first("url"), let count = first("count").flatMap({ Int($0) }), (1...1_000_000).contains(count) else {
            return nil
        }
        self.url = url
        self.count = count
        concurrency = min(max(first("concurrency").flatMap { Int($0) } ?? 8, 1), 256)
        deadline = first("deadline").flatMap { Int($0) }.map { .milliseconds(min(max($0, 1), 60_000)) }
        headers = HTTPHeaders()
        for header in query where header.name == "header" {
            guard let colon = header.value.firstIndex(of: ":") else { return nil }
            let value = header.value[header.value.index(after: colon)...]
            headers.add(name: String(header.value[..<colon]), value: String(value))
        }
    }

    func run(_ calls: OutboundCalls) async -> BurstReport {
        await withTaskGroup(of: OutboundCalls.Outcome.self) { group in
            var report = BurstReport()
            var started = 0
            while started < min(concurrency, count) {
                group.addTask { await calls.call(url, headers: headers, within: deadline) }
                started += 1
            }
            for await outcome in group {
                report.add(outcome)
                guard started < count else { continue }
                started += 1
                group.addTask { await calls.call(url, headers: headers, within: deadline) }
            }
            report.finish()
            return report
        }
    }
}
