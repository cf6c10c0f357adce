# SPDX-License-Identifier: Apache-2.0
"""Envoy bootstrap files, read by Envoy and by malla-proxy alike."""

TYPE = "type.googleapis.com/envoy."
SPIFFE = "spiffe://cluster.local/ns/default/sa/"

# Istio's access log format, as the mesh writes it.
ISTIO_LOG = (
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% '
    '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% '
    '%BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" '
    '"%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS% '
    '%DOWNSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n'
)


def service(number):
    return f"service-{number}.default.svc.cluster.local"


def cluster_name(number):
    return f"outbound|8080||{service(number)}"


def address(port, host="127.0.0.1"):
    return {"socket_address": {"address": host, "port_value": port}}


def typed(kind, **fields):
    return {"@type": TYPE + kind, **fields}


def bootstrap(admin_port, listeners, clusters):
    return {
        "node": {"id": "sidecar~127.0.0.1~bench.default~default.svc.cluster.local", "cluster": "bench.default"},
        "admin": {"address": address(admin_port)},
        "static_resources": {"listeners": listeners, "clusters": clusters},
    }


def cluster(name, ports, whole_chain=False, tls=None, http2=False):
    result = {
        "name": name,
        "type": "STATIC",
        "connect_timeout": "5s",
        "lb_policy": "LEAST_REQUEST",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(port)}} for port in ports]}],
        },
    }
    if whole_chain:
        most = 4294967295
        result["circuit_breakers"] = {
            "thresholds": [
                {"max_connections": most, "max_pending_requests": most, "max_requests": most, "max_retries": most}
            ]
        }
        result["outlier_detection"] = {"consecutive_5xx": 5, "interval": "10s", "base_ejection_time": "30s"}
        host = name.split("|")[-1]
        result["metadata"] = {
            "filter_metadata": {
                "istio": {"services": [{"host": host, "name": host.split(".")[0], "namespace": "default"}]}
            }
        }
    if tls:
        result["transport_socket"] = tls
    if http2:
        result["typed_extension_protocol_options"] = {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
                "extensions.upstreams.http.v3.HttpProtocolOptions",
                explicit_http_config={"http2_protocol_options": {}})
        }
    return result


def listener(name, port, virtual_hosts, filters=(), log=None, reporter=None, tls=None, codec="AUTO"):
    manager = typed(
        "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        stat_prefix=name,
        codec_type=codec,
        route_config={"name": name, "virtual_hosts": virtual_hosts},
        http_filters=[
            *filters,
            {"name": "envoy.filters.http.router", "typed_config": typed("extensions.filters.http.router.v3.Router")},
        ],
    )
    if log:
        manager["access_log"] = [
            {
                "name": "envoy.access_loggers.file",
                "typed_config": typed(
                    "extensions.access_loggers.file.v3.FileAccessLog", path=log,
                    log_format={"text_format_source": {"inline_string": ISTIO_LOG}}),
            }
        ]
    chain = {"filters": [{"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}
    if tls:
        chain["transport_socket"] = tls
    result = {"name": name, "address": address(port), "filter_chains": [chain]}
    if reporter:
        result["metadata"] = {"filter_metadata": {"malla.telemetry": {"reporter": reporter}}}
    return result


def plain_host(cluster):
    return {"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": cluster}}]}


def service_host(number, target, port):
    """A virtual host as the mesh makes them: all names of the service, five routes, the last without a condition."""
    name = service(number)
    short = name.split(".")[0]
    forward = {
        "cluster": target,
        "timeout": "0s",
        "retry_policy": {
            "retry_on": "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
            "num_retries": 2,
            "retriable_status_codes": [503],
        },
    }
    routes = []
    for version in range(1, 5):
        routes.append({
            "name": f"v{version}",
            "match": {
                "prefix": "/",
                "headers": [{"name": "x-version", "string_match": {"exact": f"v{version}"}}],
            },
            "route": forward,
        })
    routes.append({"name": "default", "match": {"prefix": "/"}, "route": forward})
    domains = []
    for domain in (name, short, f"{short}.default", f"{short}.default.svc"):
        domains += [domain, f"{domain}:{port}"]
    return {"name": f"{name}:{port}", "domains": domains, "routes": routes}


def authorization(principal=None):
    """Ten policies of which the last lets the benchmark's request through."""

    def rule(index):
        permissions = [{
            "and_rules": {
                "rules": [
                    {"url_path": {"path": {"prefix": "/" if index == 9 else f"/part-{index}/"}}},
                    {"header": {"name": ":method", "string_match": {"exact": "GET"}}},
                ]
            }
        }]
        if principal:
            name = principal if index == 9 else f"{SPIFFE}caller-{index}"
            who = {"authenticated": {"principal_name": {"exact": name}}}
        else:
            who = {"header": {"name": "x-caller", "string_match": {"exact": f"caller-{index}"}}}
        return {"permissions": permissions, "principals": [who]}

    return {
        "name": "envoy.filters.http.rbac",
        "typed_config": typed(
            "extensions.filters.http.rbac.v3.RBAC",
            rules={"action": "ALLOW", "policies": {f"policy-{index}": rule(index) for index in range(10)}}),
    }


def _certificates(directory, name):
    return {
        "tls_certificates": [{
            "certificate_chain": {"filename": f"{directory}/{name}.pem"},
            "private_key": {"filename": f"{directory}/{name}.key"},
        }]
    }


def server_tls(directory, mutual):
    common = _certificates(directory, "server")
    if mutual:
        common["validation_context"] = {"trusted_ca": {"filename": f"{directory}/root.pem"}}
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": typed(
            "extensions.transport_sockets.tls.v3.DownstreamTlsContext", common_tls_context=common,
            require_client_certificate=mutual),
    }


def client_tls(directory):
    common = _certificates(directory, "client")
    common["validation_context"] = {
        "trusted_ca": {"filename": f"{directory}/root.pem"},
        "match_typed_subject_alt_names": [{"san_type": "URI", "matcher": {"exact": SPIFFE + "server"}}],
    }
    return {
        "name": "envoy.transport_sockets.tls",
        "typed_config": typed(
            "extensions.transport_sockets.tls.v3.UpstreamTlsContext", common_tls_context=common, sni="server"),
    }
