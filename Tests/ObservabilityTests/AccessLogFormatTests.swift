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
        var lines = LogLines()
        _ = lines.write { line in
            format.write(self.entry(), to: &line) { header, line in
                let header = format.headers[header]
                guard let value = (header.isOfResponse ? response : self.request)[header.name] else { return false }
                line.append(text: value)
                return true
            }
        }
        return String(decoding: lines.bytes, as: UTF8.self)
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

    @Test func `nested objects, texts of several operators and what has no value`() throws {
        let format = try AccessLogFormat(json: [
            "a": .object(["b": .text("%RESPONSE_CODE%"), "c": .text("%REQ(:PATH):2%"), "d": .text("x%REQ(:PATH)%-%ROUTE_NAME%")]),
            "e": .text("plain"), "f": .text(""), "g": .object([:]), "h\"": .text("%REQ(NONE)%"), "i": .text("%GRPC_STATUS_NUMBER%"),
            "j": .text("%DURATION%ms"), "k": .text("%UPSTREAM_REMOTE_PORT%"),
        ])
        #expect(
            self.line(format)
                == #"{"a":{"b":503,"c":"/a","d":"x/a\"b-default"},"e":"plain","f":"","g":{},"h\"":null,"i":null,"j":"12ms","k":15006}"#
                + "\n")
    }

    @Test func `values that are not there are left out where that is asked for`() throws {
        let object: [String: AccessLogFormat.JSONFormat] = [
            "a": .text("%REQ(x-none)%"), "b": .text("x%REQ(x-none)%y"), "c": .text("%RESPONSE_CODE%"),
            "d": .object(["e": .text("%REQ(x-none)%"), "f": .object(["g": .text("%GRPC_STATUS%")])]),
            "h": .object(["i": .text("%PROTOCOL%"), "j": .text("%RESP(x-none)%")]), "k": .text("%REQ(m)%%REQ(n)%"),
            "l": .text("%RESPONSE_FLAGS%"),
        ]
        #expect(
            self.line(try AccessLogFormat(json: object, omitsEmpty: true))
                == #"{"b":"xy","c":503,"h":{"i":"HTTP/1.1"},"k":"","l":"UF,URX"}"# + "\n")
        #expect(self.line(try AccessLogFormat(json: ["a": .text("%REQ(x-none)%")], omitsEmpty: true)) == "{}\n")
        #expect(self.line(try AccessLogFormat(json: [:], omitsEmpty: true)) == "{}\n")
        #expect(self.line(try AccessLogFormat(text: "[%REQ(x-none)%] %RESPONSE_CODE%", omitsEmpty: true)) == "[] 503")
    }

    @Test func `in JSON every byte at every place is written so that it can be read again`() throws {
        let format = try AccessLogFormat(json: ["k": .text("%REQ(X)%")])
        for length in [1, 15, 16, 17, 33] {
            for place in 0..<length {
                for byte in UInt8.min...0x7F {
                    var value = [UInt8](repeating: 0x61, count: length)
                    value[place] = byte
                    let text = String(decoding: value, as: UTF8.self)
                    var expected = ""
                    JSONText.write(text, to: &expected)
                    var lines = LogLines()
                    let entry = AccessLogEntry(startTime: 0, wireProtocol: .http11)
                    _ = lines.write { line in
                        format.write(entry, to: &line) { _, line in
                            line.append(text: text)
                            return true
                        }
                    }
                    #expect(String(decoding: lines.bytes, as: UTF8.self) == "{\"k\":\(expected)}\n")
                }
            }
        }
    }

    @Test func `every operator without arguments has its text`() throws {
        var entry = self.entry()
        entry.connectionTerminationDetails = "ended"
        entry.grpcStatus = 14
        entry.requestHeaderBytes = 1234
        entry.responseHeaderBytes = 987_654_321
        entry.attempts = 2
        entry.virtualHost = "host"
        entry.upstream.localAddress = "[::1]:99"
        entry.upstream.transportFailureReason = "TLS error: no way"
        entry.upstream.wireProtocol = .http2
        entry.upstream.peerURISAN = "spiffe://up"
        entry.upstream.localURISAN = "spiffe://us"
        entry.downstream = AccessLogEntry.Downstream(
            localAddress: "127.64.0.1:15006", remoteAddress: "10.0.0.1:4711", directRemoteAddress: "/run/socket",
            requestedServerName: "sni", tlsVersion: "TLSv1.3", tlsCipher: "cipher", peerURISAN: "spiffe://down",
            peerSubject: "CN=x",
            localURISAN: "spiffe://me", connectionID: 18_446_744_073_709_551_615)
        let wanted: [(AccessLogField, String)] = [
            (.wireProtocol, "HTTP/1.1"), (.responseCode, "503"), (.responseCodeDetails, "upstream_reset_before_response_started"),
            (.connectionTerminationDetails, "ended"), (.responseFlags, "UF,URX"),
            (.responseFlagsLong, "UpstreamConnectionFailure,UpstreamRetryLimitExceeded"), (.bytesReceived, "5"), (.bytesSent, "91"),
            (.duration, "12"), (.requestHeadersBytes, "1234"), (.responseHeadersBytes, "987654321"), (.attempts, "2"),
            (.grpcStatus, "Unavailable"), (.grpcStatusNumber, "14"), (.routeName, "default"), (.virtualHost, "host"),
            (.upstreamHost, "127.64.0.2:15006"), (.upstreamHostName, "127.64.0.2:15006"),
            (.upstreamRemoteAddress, "127.64.0.2:15006"), (.upstreamRemoteAddressWithoutPort, "127.64.0.2"),
            (.upstreamRemotePort, "15006"), (.upstreamLocalAddress, "[::1]:99"), (.upstreamLocalAddressWithoutPort, "[::1]"),
            (.upstreamLocalPort, "99"), (.upstreamCluster, "outbound|8080||auth.default.svc.cluster.local"),
            (.upstreamClusterRaw, "outbound|8080||auth.default.svc.cluster.local"),
            (.upstreamTransportFailureReason, "TLS_error:_no_way"), (.upstreamProtocol, "HTTP/2"),
            (.upstreamPeerURISAN, "spiffe://up"), (.upstreamLocalURISAN, "spiffe://us"),
            (.downstreamLocalAddress, "127.64.0.1:15006"), (.downstreamLocalAddressWithoutPort, "127.64.0.1"),
            (.downstreamLocalPort, "15006"), (.downstreamRemoteAddress, "10.0.0.1:4711"),
            (.downstreamRemoteAddressWithoutPort, "10.0.0.1"), (.downstreamRemotePort, "4711"),
            (.downstreamDirectRemoteAddress, "/run/socket"), (.downstreamDirectRemoteAddressWithoutPort, "/run/socket"),
            (.downstreamDirectRemotePort, "-"), (.requestedServerName, "sni"), (.downstreamTLSVersion, "TLSv1.3"),
            (.downstreamTLSCipher, "cipher"), (.downstreamPeerURISAN, "spiffe://down"), (.downstreamPeerSubject, "CN=x"),
            (.downstreamLocalURISAN, "spiffe://me"), (.connectionID, "9223372036854775807"),
        ]
        #expect(Set(wanted.map(\.0)) == Set(AccessLogField.allCases))
        for (field, text) in wanted {
            let format = try AccessLogFormat(text: "<%\(field.rawValue)%>")
            var lines = LogLines()
            _ = lines.write { line in format.write(entry, to: &line) { _, _ in false } }
            #expect(String(decoding: lines.bytes, as: UTF8.self) == "<\(text)>", "\(field)")
        }
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_709_251_199_999_999_999, "2024-02-29T23:59:59.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (1_763_738_320_007_000_000, "2025-11-21T15:18:40.007Z"),
        (1_763_738_320_070_000_000, "2025-11-21T15:18:40.070Z"),
    ])
    func `the usual time is written as its conversions would`(_ time: Int64, _ expected: String) throws {
        var lines = LogLines()
        for format in ["%START_TIME%", "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%", "%START_TIME(%FT%T.%3fZ)%"] {
            let format = try AccessLogFormat(text: format)
            let entry = AccessLogEntry(startTime: time, wireProtocol: .http2)
            _ = lines.write { line in format.write(entry, to: &line) { _, _ in false } }
            #expect(String(decoding: lines.take(), as: UTF8.self) == expected)
        }
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
