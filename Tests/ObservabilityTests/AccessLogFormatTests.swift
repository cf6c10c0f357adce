// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Observability

@Suite struct AccessLogFormatTests {
    private func entry() -> AccessLogEntry {
        var entry = AccessLogEntry(startTime: 1_700_000_000_123_456_789, wireProtocol: .http11)
        entry.duration = 12_900_000
        entry.responseCode = 503
        entry.flags = [ResponseFlags(.upstreamConnectionFailure), ResponseFlags(.upstreamRetryLimitExceeded)]
        entry.responseCodeDetails = "upstream_reset_before_response_started"
        entry.requestBytes = 5
        entry.responseBytes = 91
        entry.upstream.host = "127.64.0.2:15006"
        entry.upstream.cluster = "outbound|8080||auth.default.svc.cluster.local"
        entry.downstream = AccessLogEntry.Downstream(remoteAddress: "127.0.0.1:4711")
        entry.routeName = "default"
        return entry
    }

    private let request: [String: String] = [":method": "GET", ":path": "/a\"b", ":authority": "auth:8080", "x-request-id": "r-1"]

    private func text(_ format: String) throws -> String {
        self.line(try AccessLogFormat(text: format))
    }

    private func line(_ format: AccessLogFormat, response: [String: String] = [:]) -> String {
        var line = LogLine()
        format.write(self.entry(), to: &line) { header, line in
            let header = format.headers[header]
            guard let value = (header.isOfResponse ? response : self.request)[header.name] else { return false }
            line.append(value)
            return true
        }
        return String(decoding: line.bytes, as: UTF8.self)
    }

    @Test func `Istio's default text`() throws {
        #expect(
            try self.text(AccessLogFormat.istioText)
                == "[2023-11-14T22:13:20.123Z] \"GET /a\"b HTTP/1.1\" 503 UF,URX upstream_reset_before_response_started - \"-\" "
                + "5 91 12 - \"-\" \"-\" \"r-1\" \"auth:8080\" \"127.64.0.2:15006\" outbound|8080||auth.default.svc.cluster.local "
                + "- - 127.0.0.1:4711 - default\n")
    }

    @Test func `Istio's default object`() throws {
        let format = try AccessLogFormat(json: AccessLogFormat.istioJSON.mapValues { .text($0) })
        let line = self.line(format, response: ["x-envoy-upstream-service-time": "3"])
        #expect(
            line == """
                {"authority":"auth:8080","bytes_received":5,"bytes_sent":91,"connection_termination_details":null,\
                "downstream_local_address":null,"downstream_remote_address":"127.0.0.1:4711","duration":12,"method":"GET",\
                "path":"/a\\"b","protocol":"HTTP/1.1","request_id":"r-1","requested_server_name":null,"response_code":503,\
                "response_code_details":"upstream_reset_before_response_started","response_flags":"UF,URX","route_name":"default",\
                "start_time":"2023-11-14T22:13:20.123Z","upstream_cluster":"outbound|8080||auth.default.svc.cluster.local",\
                "upstream_host":"127.64.0.2:15006","upstream_local_address":null,"upstream_service_time":"3",\
                "upstream_transport_failure_reason":null,"user_agent":null,"x_forwarded_for":null}

                """)
    }

    @Test(arguments: [
        ("%REQ(X-MISSING?:METHOD):2%|%RESPONSE_FLAGS_LONG%", "GE|UpstreamConnectionFailure,UpstreamRetryLimitExceeded"),
        ("100%% %UPSTREAM_REMOTE_PORT% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%", "100% 15006 127.0.0.1"),
        ("%START_TIME(%s.%3f %j %b %a %F)%", "1700000000.123 318 Nov Tue 2023-11-14"),
    ])
    func `operators`(_ format: String, _ expected: String) throws {
        #expect(try self.text(format) == expected)
    }

    @Test(arguments: [
        ("ok %NO_SUCH%", 3), ("%REQ()%", 0), ("%REQ(a", 0), ("a%DURATION", 1), ("%DURATION(x)%", 0), ("%REQ(a):x%", 0),
        ("%START_TIME(%Q)%", 12),
    ])
    func `a wrong format says where`(_ format: String, _ position: Int) {
        let error = #expect(throws: AccessLogFormatError.self) { try AccessLogFormat(text: format) }
        #expect(error?.position == position)
    }

    @Test(arguments: [
        (0, 1970, 1, 1, 1), (951_782_400, 2000, 2, 29, 60), (1_709_251_199, 2024, 2, 29, 60), (1_735_603_200, 2024, 12, 31, 366),
        (1_740_787_200, 2025, 3, 1, 60), (-1, 1969, 12, 31, 365),
    ])
    func `dates`(_ seconds: Int64, _ year: Int, _ month: Int, _ day: Int, _ dayOfYear: Int) {
        let date = CivilDate(secondsSince1970: seconds)
        #expect(date.year == year && date.month == month && date.day == day && date.dayOfYear == dayOfYear)
    }
}
