// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

/// Filters of connection managers and what route tables say to them.
struct FilterDecoderTests {
    private static let types = "type.googleapis.com/envoy.extensions.filters.http"

    private static func table(_ filters: String, level: String = "host") throws -> RouteTable {
        ExtensionTypes.register()
        let config = #""typedPerFilterConfig": \#(filters)"#
        let none = #""name": """#
        let json = """
            {"name": "r", \(level == "table" ? config : #""ignorePortInHostMatching": false"#), "virtualHosts": [
              {"name": "h", \(level == "host" ? config : #""includeRequestAttemptCount": false"#), "domains": ["*"], "routes": [
                {"match": {"prefix": "/"}, \(level == "route" ? config : none), "route": {"cluster": "c"}}]}]}
            """
        let payload: [UInt8] = try Envoy_Config_Route_V3_RouteConfiguration(jsonString: json).serializedBytes()
        guard case .routes(let table) = try ResourceDecoder.decode(typeURL: TypeURL.routes, name: "", payload: payload) else {
            throw NoTable()
        }
        return table
    }

    private struct NoTable: Error {}

    private static func manager(_ filters: String, logs: String = "[]") throws -> HTTPConnectionManager? {
        ExtensionTypes.register()
        let json = """
            {"name": "l", "address": {"socketAddress": {"address": "127.0.0.1", "portValue": 1}}, "filterChains": [{"filters": [
              {"name": "http", "typedConfig": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "statPrefix": "s", "routeConfig": {}, "accessLog": \(logs), "httpFilters": [\(filters)
                {"name": "end", "typedConfig": {"@type": "\(types).router.v3.Router"}}]}}]}]}
            """
        let payload: [UInt8] = try Envoy_Config_Listener_V3_Listener(jsonString: json).serializedBytes()
        guard case .listener(let listener) = try ResourceDecoder.decode(typeURL: TypeURL.listener, name: "", payload: payload),
            case .http(let manager)? = listener.filterChains.first?.terminal
        else { return nil }
        return manager
    }

    @Test(arguments: [
        ("%NOPE%", "position 0: unknown operator '%NOPE%'"), ("a %REQ(x%", "position 2: '(' of %REQ has no ')'"),
        ("50%", "position 2: operator '%' does not end with '%'"), ("%REQ()%", "position 0: %REQ needs a header name"),
    ])
    func `header values with operators that there are not are refused with their field`(_ value: String, _ reason: String) {
        ExtensionTypes.register()
        let json = """
            {"name": "r", "virtualHosts": [{"name": "h", "domains": ["*"],
              "requestHeadersToAdd": [{"header": {"key": "x-a", "value": "fine %PROTOCOL% 100%%"}}],
              "responseHeadersToAdd": [{"header": {"key": "x-b", "value": "\(value)"}}]}]}
            """
        do {
            let payload: [UInt8] = try Envoy_Config_Route_V3_RouteConfiguration(jsonString: json).serializedBytes()
            _ = try ResourceDecoder.decode(typeURL: TypeURL.routes, name: "", payload: payload)
            Issue.record("is taken")
        } catch {
            #expect("\(error)".contains("virtual_hosts[0].response_headers_to_add[0].header.value: \(reason)"), "\(error)")
        }
    }

    @Test func `a format of a log that cannot be read is refused with its field`() {
        let log = """
            [{"name": "a", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
              "path": "/dev/null", "logFormat": {"jsonFormat": {"a": "%PROTOCOL%", "b": {"c": "%NOPE%"}}}}}]
            """
        do {
            _ = try Self.manager("", logs: log)
            Issue.record("is taken")
        } catch {
            #expect("\(error)".contains("log_format.json_format.b.c: "), "\(error)")
        }
    }

    @Test(arguments: ["table", "host", "route"])
    func `a CORS policy may stand at every level`(_ level: String) throws {
        let table = try Self.table(
            """
            {"cors": {"@type": "\(Self.types).cors.v3.CorsPolicy", "allowOriginStringMatch": [{"exact": "*"}],
              "allowMethods": "GET", "maxAge": "9", "allowCredentials": true, "filterEnabled": {"defaultValue": {"numerator": 50}},
              "forwardNotMatchingPreflights": false}}
            """, level: level)
        let policy = CrossOriginPolicy(
            allowedOrigins: [.exact("*", ignoringCase: false)], allowedMethods: "GET", maxAge: "9", allowsCredentials: true,
            forwardsOtherPreflights: false, enabled: Fraction(numerator: 50, denominator: 100))
        let filters: RouteFilters = ["cors": .crossOrigin(policy)]
        #expect(table.filters == (level == "table" ? filters : [:]))
        #expect(table.virtualHosts.first?.filters == (level == "host" ? filters : [:]))
        #expect(table.virtualHosts.first?.routes.first?.filters == (level == "route" ? filters : [:]))
    }

    @Test func `filters are switched off and on`() throws {
        let table = try Self.table(
            """
            {"a": {"@type": "\(TypeURL.filterConfig)", "disabled": true},
             "c": {"@type": "\(TypeURL.filterConfig)", "config": {"@type": "\(Self.types).rbac.v3.RBACPerRoute"}}}
            """)
        #expect(table.virtualHosts.first?.filters == ["a": .off, "c": .authorization(nil)])
        let manager = try Self.manager(
            #"{"name": "a", "disabled": true, "typedConfig": {"@type": "\#(Self.types).cors.v3.Cors"}},"#)
        #expect(manager?.filters.map(\.isDisabled) == [true, false])
        let error = #expect(throws: DecodingError.self) {
            try Self.manager(#"{"name": "a", "disabled": true, "typedConfig": {"@type": "\#(Self.types).router.v3.Router"}},"#)
        }
        #expect(error?.path.hasSuffix("http_filters[0].disabled") == true)
    }

    @Test func `rules, limits and edits of routes are taken`() throws {
        let table = try Self.table(
            """
            {"rbac": {"@type": "\(Self.types).rbac.v3.RBACPerRoute"},
             "rules": {"@type": "\(Self.types).rbac.v3.RBACPerRoute", "rbac": {"rules": {"action": "DENY"}}},
             "fault": {"@type": "\(Self.types).fault.v3.HTTPFault"},
             "limit": {"@type": "\(Self.types).local_ratelimit.v3.LocalRateLimit", "statPrefix": "x", "status": {"code": "OK"},
               "tokenBucket": {"maxTokens": 3, "fillInterval": "1s"}, "filterEnforced": {"defaultValue": {"numerator": 100}}},
             "edits": {"@type": "\(Self.types).header_mutation.v3.HeaderMutationPerRoute", "mutations": {
               "requestMutations": [{"remove": "X-A"}, {"removeOnMatch": {"keyMatcher": {"prefix": "x-"}}}],
               "responseMutations": [{"append": {"header": {"key": "X-B", "value": "1"}, "keepEmptyValue": true}}]}}}
            """)
        let limit = LocalRateLimit(
            statPrefix: "x", bucket: .init(capacity: 3, tokensPerFill: 1, fillInterval: .seconds(1)), enforced: .all)
        let steps = HeaderSteps(
            request: [.remove("x-a"), .removeMatching(.prefix("x-", ignoringCase: false))],
            response: [.edit(.init(name: "x-b", value: "1", mode: .append, keepsEmpty: true))])
        #expect(
            table.virtualHosts.first?.filters == [
                "rbac": .authorization(nil),
                "rules": .authorization(AuthorizationFilter(rules: AuthorizationRules(action: .deny, policies: []))),
                "fault": .fault(nil), "limit": .localRateLimit(limit), "edits": .headerMutation(steps),
            ])
    }

    @Test func `names of requests whose rate is limited, and their buckets`() throws {
        let manager = try Self.manager(
            """
            {"name": "b", "typedConfig": {"@type": "\(Self.types).local_ratelimit.v3.LocalRateLimit", "statPrefix": "x",
              "stage": 3, "vhRateLimits": "INCLUDE", "alwaysConsumeDefaultTokenBucket": false,
              "descriptors": [{"entries": [{"key": "k", "value": "v"}], "tokenBucket": {"maxTokens": 2, "fillInterval": "1s"}}],
              "rateLimits": [{"actions": [{"remoteAddress": {}}, {"maskedRemoteAddress": {"v4PrefixMaskLen": 8}},
                {"requestHeaders": {"headerName": "X-A", "descriptorKey": "a", "skipIfAbsent": true}},
                {"genericKey": {"descriptorValue": "g"}}, {"sourceCluster": {}}, {"destinationCluster": {}},
                {"headerValueMatch": {"descriptorValue": "h", "expectMatch": false, "headers": [{"name": "x"}]}},
                {"queryParameterValueMatch": {"descriptorKey": "k", "descriptorValue": "q", "queryParameters": [{"name": "x"}]}}
              ]}]}},
            """)
        let rule = RateLimitRule(actions: [
            .clientAddress, .clientNetwork(v4: 8, v6: 128), .header(name: "x-a", key: "a", isOptional: true),
            .constant(key: "generic_key", value: "g"), .sourceCluster, .destinationCluster,
            .headers(key: "header_match", value: "h", expects: false, [HeaderMatch(name: "x", condition: .present(true))]),
            .query(key: "k", value: "q", expects: true, [QueryParameterMatch(name: "x", condition: .present)]),
        ])
        let limit = LocalRateLimit(
            statPrefix: "x",
            descriptors: [
                RateLimitDescriptor([.init(key: "k", value: "v")]):
                    LocalRateLimit.Bucket(capacity: 2, tokensPerFill: 1, fillInterval: .seconds(1))
            ], rules: [rule], stage: 3, hostRules: .added, alwaysTakesFromBucket: false)
        #expect(manager?.filters.first?.kind == .localRateLimit(limit))
    }

    @Test(arguments: [
        (#""descriptors": [{"tokenBucket": {"maxTokens": 1, "fillInterval": "1s"}}]"#, "descriptors[0].entries"),
        (
            #""descriptors": [{"entries": [{"key": "a"}], "tokenBucket": {"maxTokens": 1, "fillInterval": "1s"}}]"#,
            "descriptors[0].entries[0].value"
        ),
        (#""descriptors": [{"entries": [{"key": "a", "value": "b"}]}]"#, "descriptors[0].token_bucket"),
        (
            #""descriptors": [{"entries": [{"key": "a", "value": "b"}], "tokenBucket": {"maxTokens": 1, "fillInterval": "1s"}}, {"entries": [{"key": "a", "value": "b"}], "tokenBucket": {"maxTokens": 1, "fillInterval": "1s"}}]"#,
            "descriptors[1]"
        ),
        (#""stage": 11"#, "stage"), (#""rateLimits": [{"stage": 1, "actions": [{"remoteAddress": {}}]}]"#, "rate_limits[0].stage"),
        (#""rateLimits": [{}]"#, "rate_limits[0].actions"), (#""rateLimits": [{"actions": [{}]}]"#, "rate_limits[0].actions[0]"),
        (
            #""rateLimits": [{"actions": [{"genericKey": {"descriptorValue": "%REQ(x)%"}}]}]"#,
            "rate_limits[0].actions[0].generic_key.descriptor_value"
        ),
        (
            #""rateLimits": [{"actions": [{"maskedRemoteAddress": {"v4PrefixMaskLen": 33}}]}]"#,
            "rate_limits[0].actions[0].masked_remote_address.v4_prefix_mask_len"
        ),
    ])
    func `what cannot name a request is refused`(_ part: String, _ place: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try Self.manager(
                """
                {"name": "b", "typedConfig": {"@type": "\(Self.types).local_ratelimit.v3.LocalRateLimit", "statPrefix": "x", \(part)}},
                """)
        }
        #expect("\(error.map { "\($0)" } ?? "")".contains(place), "\(error.map { "\($0)" } ?? "")")
    }

    @Test func `filters keep their names and their order`() throws {
        let manager = try Self.manager(
            """
            {"name": "a", "typedConfig": {"@type": "\(Self.types).cors.v3.Cors"}},
            {"name": "b", "typedConfig": {"@type": "\(Self.types).local_ratelimit.v3.LocalRateLimit", "statPrefix": "x",
              "status": {"code": "ServiceUnavailable"}, "enableXRatelimitHeaders": "DRAFT_VERSION_03",
              "rateLimitedAsResourceExhausted": true, "localRateLimitPerDownstreamConnection": true}},
            {"name": "c", "typedConfig": {"@type": "\(Self.types).header_mutation.v3.HeaderMutation",
              "mostSpecificHeaderMutationsWins": true}},
            """)
        let limit = LocalRateLimit(
            statPrefix: "x", status: 503, isPerConnection: true, tellsLimits: true, isResourceExhausted: true)
        #expect(
            manager?.filters == [
                HTTPFilter(name: "a", kind: .crossOrigin), HTTPFilter(name: "b", kind: .localRateLimit(limit)),
                HTTPFilter(name: "c", kind: .headerMutation(.init(steps: HeaderSteps(), mostSpecificLast: true))),
                HTTPFilter(name: "end", kind: .router),
            ])
    }

    @Test func `streams and filters of logs are taken`() throws {
        let loggers = "type.googleapis.com/envoy.extensions.access_loggers.stream.v3"
        let manager = try Self.manager(
            "",
            logs: """
                [{"name": "out", "typedConfig": {"@type": "\(loggers).StdoutAccessLog", "logFormat": {"textFormatSource":
                   {"inlineString": "x"}}}, "filter": {"andFilter": {"filters": [
                     {"statusCodeFilter": {"comparison": {"op": "GE", "value": {"defaultValue": 400, "runtimeKey": "k"}}}},
                     {"orFilter": {"filters": [{"durationFilter": {"comparison": {"op": "LE", "value": {"defaultValue": 5}}}},
                       {"responseFlagFilter": {"flags": ["NR"]}}, {"notHealthCheckFilter": {}}]}}]}}},
                 {"name": "err", "typedConfig": {"@type": "\(loggers).StderrAccessLog"}, "filter": {"grpcStatusFilter":
                   {"statuses": ["UNAVAILABLE"], "exclude": true}}}]
                """)
        let nested = AccessLogConfiguration.Filter.oneOf([.duration(.init(.atMost, 5)), .responseFlags(["NR"]), .all([])])
        #expect(
            manager?.accessLogs == [
                AccessLogConfiguration(
                    path: "/dev/stdout", format: .text("x"), filter: .all([.status(.init(.atLeast, 400)), nested])),
                AccessLogConfiguration(path: "/dev/stderr", format: .standard, filter: .grpcStatus([14], excludes: true)),
            ])
    }

    @Test(arguments: [
        (#"{"x": {"@type": "T.local_ratelimit.v3.LocalRateLimit", "statPrefix": "x"}}"#, "token_bucket"),
        (#"{"x": {"@type": "T.local_ratelimit.v3.LocalRateLimit"}}"#, "stat_prefix"),
        (
            #"{"x": {"@type": "T.local_ratelimit.v3.LocalRateLimit", "statPrefix": "x", "tokenBucket": {"maxTokens": 1, "fillInterval": "0.01s"}}}"#,
            "fill_interval"
        ),
        (
            #"{"x": {"@type": "T.header_mutation.v3.HeaderMutationPerRoute", "mutations": {"requestMutations": [{}]}}}"#,
            "has no action"
        ),
        (
            #"{"x": {"@type": "T.header_mutation.v3.HeaderMutationPerRoute", "mutations": {"requestMutations": [{"remove": ":path"}]}}}"#,
            "cannot be edited"
        ),
        (#"{"x": {"@type": "T.router.v3.Router"}}"#, "is not supported"),
        (#"{"x": {"@type": "F", "config": {"@type": "T.router.v3.Router"}}}"#, "config: "),
        (#"{"x": {"@type": "F"}}"#, "config: is missing"),
        (#"{"x": {"@type": "F", "config": {"@type": "F"}}}"#, "is a FilterConfig in a FilterConfig"),
    ])
    func `what cannot be done is refused with its place`(_ filters: String, _ reason: String) throws {
        let error = #expect(throws: DecodingError.self) {
            try Self.table(
                filters.replacing("T.", with: Self.types + ".").replacing(#""F""#, with: #""\#(TypeURL.filterConfig)""#))
        }
        let text = error.map { "\($0.path): \($0.message)" } ?? ""
        #expect(text.contains(#"virtual_hosts[0].typed_per_filter_config["x"]"#), "\(text)")
        #expect(text.contains(reason), "\(text)")
    }
}
