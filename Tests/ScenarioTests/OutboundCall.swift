// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import ProxyModel

/// What a client's sidecar decides about a request, in words that a scenario can be compared with.
struct OutboundCall {
    let proxy: SimulatedProxy

    func answer(_ call: Scenario.Call) throws -> [String: String] {
        if let upstream = call.upstream { return try answer(call, upstream: upstream) }
        let url = call.url ?? ""
        let rest = url.hasPrefix("http://") ? url.dropFirst("http://".count) : url[...]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        let head = Self.head(call, authority: String(rest[..<slash]), target: slash == rest.endIndex ? "/" : String(rest[slash...]))
        return try route(head, table: "http_proxy")
    }

    private func answer(_ call: Scenario.Call, upstream: String) throws -> [String: String] {
        let address = upstream.replacing(":", with: "_")
        guard let listener = proxy.snapshot.listeners["upstream_\(address)"] else { return ["status": "no listener"] }
        let facts = ConnectionFacts(isTLS: call.sni != nil, serverName: call.sni)
        guard case .chain(let index) = FilterChainMatcher(listener).choose(facts) else { return ["status": "no chain"] }
        let chain = listener.filterChains[index]
        switch chain.terminal {
        case .tcp(let tcp):
            return [
                "clusters": describe(tcp.clusters), "idle": Self.seconds(tcp.idleTimeout),
                "age": Self.seconds(tcp.maxDownstreamDuration),
            ]
        case .http(let manager):
            guard case .named(let table) = manager.routes else { return ["status": "no route table"] }
            return try route(Self.head(call, authority: call.host ?? upstream, target: call.path ?? "/"), table: table)
        }
    }

    private static func head(_ call: Scenario.Call, authority: String, target: String) -> RequestHead {
        RequestHead(
            method: HTTPMethod(call.method ?? "GET"), target: target, authority: authority,
            headers: (call.headers ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    private func route(_ head: RequestHead, table name: String) throws -> [String: String] {
        guard let table = proxy.snapshot.routeTables[name] else { return ["status": "no route table"] }
        guard case .route(let compiled) = try Router(table).route(head, isSecure: false, random: 0) else {
            return ["status": "404"]
        }
        let route = compiled.route
        var answer = ["route": route.name, "config": route.configuration ?? "", "cors": Self.cors(route.filters)]
        if case .fault(let fault)? = route.filters["envoy.filters.http.fault"] {
            answer["fault"] = Self.describe(fault)
        } else {
            answer["fault"] = "none"
        }
        var edited = head
        for editor in compiled.requestHeaders { editor.apply(to: &edited) { _ in nil } }
        for (name, value) in edited.headers.pairs where name.lowercased() != "host" {
            answer["request.\(name.lowercased())"] = value
        }
        var response = HeaderBlock([("server", "app"), ("x-internal", "1")])
        for editor in compiled.responseHeaders { editor.apply(to: &response) { _ in nil } }
        answer["response"] = response.pairs.map { "\($0.name.lowercased())=\($0.value)" }.sorted().joined(separator: " ")
        switch route.action {
        case .forward(let action): forward(action, compiled, edited, &answer)
        case .redirect(let action):
            answer["status"] = String(action.status)
            answer["redirect"] = Self.describe(action)
        case .respond(let response):
            answer["status"] = String(response.status)
            answer["body"] = String(decoding: response.body, as: UTF8.self).filter { !$0.isNewline }
        }
        return answer
    }

    private func forward(
        _ action: ForwardAction, _ compiled: CompiledRoute, _ head: RequestHead, _ answer: inout [String: String]
    ) {
        answer["clusters"] = describe(action.clusters)
        answer["path"] = PathRewriter.rewritten(head, route: compiled, action: action) ?? head.pathAndQuery.string
        answer["timeout"] = (action.timeout ?? .seconds(15)) == .zero ? "none" : Self.seconds(action.timeout)
        answer["host"] = head.authority.string
        let mirrors = action.mirrors.map { "\($0.cluster) \(Self.percent($0.fraction))" }
        answer["mirrors"] = mirrors.isEmpty ? "none" : mirrors.joined(separator: ", ")
        if case .literal(let host)? = action.hostRewrite { answer["host"] = host }
        if let retry = action.retry {
            let conditions = retry.conditions.map(\.rawValue).sorted().joined(separator: ",")
            let codes = retry.statusCodes.sorted().map { String($0) }.joined(separator: ",")
            answer["retries"] = "\(retry.retries) \(conditions)" + (codes.isEmpty ? "" : " [\(codes)]")
            answer["perTry"] = Self.seconds(retry.perTryTimeout)
        } else {
            answer["retries"] = "none"
        }
        guard let choice = action.clusters.choose(random: 0) else { return }
        guard let cluster = proxy.snapshot.clusters[choice.name] else {
            answer["status"] = "503 NC"
            return
        }
        let endpoints = proxy.snapshot.endpoints(of: cluster)?.endpoints ?? []
        answer["endpoints"] = endpoints.map { endpoint in
            "\(endpoint.address) \(cluster.tls(for: endpoint) == nil ? "plaintext" : "mtls")"
        }.sorted().joined(separator: ", ")
        answer["localities"] = Self.localities(endpoints, weighted: cluster.outlierPolicy == nil)
        answer["peers"] = (endpoints.compactMap { cluster.tls(for: $0) }.first?.common.subjectAltNames ?? []).map {
            if case .exact(let text, _) = $0.match { text } else { "\($0.match)" }
        }.joined(separator: " ")
        answer["speaks"] = "\(cluster.upstreamProtocol)"
        answer["pings"] =
            cluster.http2.keepAlive.map { "\(Self.seconds($0.interval)) \(Self.seconds($0.timeout))" } ?? "none"
        answer["age"] = Self.seconds(cluster.maxConnectionDuration)
        let outputs = [cluster.proxyProtocol] + cluster.transportMatches.map(\.proxyProtocol)
        answer["proxyProtocol"] = outputs.compactMap { $0.map { "\($0.version)" } }.joined(separator: " ")
        answer["balancer"] = "\(cluster.balancing)"
        answer["limits"] = Self.describe(cluster.circuitLimits)
        answer["ejection"] =
            cluster.outlierPolicy.map { policy in
                "\(policy.consecutive5xx) in \(Self.seconds(policy.interval)) for \(Self.seconds(policy.baseEjectionTime))"
                    + " up to \(policy.maxEjectionPercent)%"
            } ?? "none"
    }

    /// `region/zone/sub-zone:priority`, with the weight where nothing else tells them apart.
    private static func localities(_ endpoints: [Endpoint], weighted: Bool) -> String {
        endpoints.sorted { ($0.priority, "\($0.address)") < ($1.priority, "\($1.address)") }.map { endpoint in
            let place = [endpoint.locality.region, endpoint.locality.zone, endpoint.locality.subZone].joined(separator: "/")
            return "\(place):\(endpoint.priority)" + (weighted ? "=\(endpoint.localityWeight ?? 0)" : "")
        }.joined(separator: " ")
    }

    private func describe(_ clusters: ClusterChoice) -> String {
        switch clusters {
        case .single(let name): name
        case .weighted(let all): all.map { "\($0.name)=\($0.weight)" }.joined(separator: " ")
        }
    }

    private static func describe(_ limits: CircuitLimits) -> String {
        [limits.maxConnections, limits.maxPendingRequests, limits.maxRequests].map { $0 >= 4_294_967_295 ? "-" : "\($0)" }
            .joined(separator: "/")
    }

    private static func describe(_ fault: FaultPolicy?) -> String {
        var parts: [String] = []
        if let delay = fault?.delay { parts.append("delay \(seconds(delay.duration)) \(percent(delay.fraction))") }
        if let abort = fault?.abort {
            switch abort.status {
            case .http(let status): parts.append("abort \(status) \(percent(abort.fraction))")
            case .grpc(let status): parts.append("abort grpc \(status) \(percent(abort.fraction))")
            }
        }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    private static func cors(_ filters: RouteFilters) -> String {
        guard case .crossOrigin(let policy)? = filters["envoy.filters.http.cors"] else { return "none" }
        let origins = policy.allowedOrigins.map { origin in
            switch origin {
            case .exact(let text, _): text
            case .prefix(let text, _): text + "*"
            case .regex(let text): "/\(text)/"
            case .suffix, .contains: "?"
            }
        }
        var parts = [origins.joined(separator: " "), policy.allowedMethods, policy.allowedHeaders, policy.exposedHeaders]
        parts += [policy.maxAge, policy.allowsCredentials ?? false ? "credentials" : ""]
        parts += [policy.forwardsOtherPreflights ?? true ? "forwards" : "answers"]
        return parts.map { $0.isEmpty ? "-" : $0 }.joined(separator: "; ")
    }

    private static func describe(_ redirect: RedirectAction) -> String {
        var parts: [String] = []
        switch redirect.scheme {
        case .https: parts.append("scheme=https")
        case .named(let name): parts.append("scheme=\(name)")
        case nil: break
        }
        if let host = redirect.host { parts.append("host=\(host)") }
        if let port = redirect.port { parts.append("port=\(port)") }
        if case .full(let path)? = redirect.path { parts.append("path=\(path)") }
        return parts.joined(separator: " ")
    }

    private static func percent(_ fraction: Fraction) -> String {
        "\(Double(fraction.numerator) * 100 / Double(fraction.denominator))%"
    }

    private static func seconds(_ duration: Duration?) -> String {
        guard let duration else { return "none" }
        return "\(Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)s"
    }
}
