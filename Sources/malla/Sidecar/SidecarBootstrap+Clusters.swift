// SPDX-License-Identifier: Apache-2.0

extension SidecarBootstrap {
    func socketAddress(_ address: String, _ port: Int) -> JSONTree {
        ["socket_address": ["address": .string(address), "port_value": .number(port)]]
    }

    func controlPlaneCluster(tls: JSONTree?) -> JSONTree {
        var cluster = cluster("xds-grpc", address: socketAddress(controlPlaneHost, controlPlanePort))
        if let tls { cluster["transport_socket"] = tls }
        cluster["typed_extension_protocol_options"] = Self.http2
        cluster["upstream_connection_options"] = ["tcp_keepalive": ["keepalive_time": 300]]
        return .object(cluster)
    }

    /// `malla run`'s SDS server, which the TLS contexts of all configuration name.
    func secretCluster(_ socket: String) -> JSONTree {
        var cluster = cluster("sds-grpc", address: ["pipe": ["path": .string(socket)]])
        cluster["typed_extension_protocol_options"] = Self.http2
        return .object(cluster)
    }

    /// Envoy's own admin port, for the listeners that show a part of it under Istio's ports.
    var adminCluster: JSONTree { .object(cluster("malla-admin", address: socketAddress(address, SidecarPorts.admin))) }

    /// The control plane is verified by the mesh's roots; no session is resumed, so that each connection shows its certificate.
    var envoyTLS: JSONTree {
        [
            "name": "envoy.transport_sockets.tls",
            "typed_config": [
                "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                "sni": "istiod.istio-system.svc",
                "max_session_keys": 0,
                "common_tls_context": [
                    "alpn_protocols": ["h2"],
                    "tls_certificate_sds_secret_configs": [Self.secret("default")],
                    "validation_context_sds_secret_config": Self.secret("ROOTCA"),
                ],
            ],
        ]
    }

    /// A port that answers one path from the admin port.
    func adminListener(_ name: String, port: Int, path: String, to target: String) -> JSONTree {
        let route: JSONTree = [
            "match": ["path": .string(path)], "route": ["cluster": "malla-admin", "prefix_rewrite": .string(target)],
        ]
        let manager: JSONTree = [
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": [
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": .string(name),
                "route_config": ["virtual_hosts": [["name": .string(name), "domains": ["*"], "routes": [route]]]],
                "http_filters": [
                    [
                        "name": "envoy.filters.http.router",
                        "typed_config": ["@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"],
                    ]
                ],
            ],
        ]
        return [
            "name": .string(name), "address": socketAddress(address, port), "filter_chains": [["filters": [manager]]],
        ]
    }

    private static let http2: JSONTree = [
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": [
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": ["http2_protocol_options": [:]],
        ]
    ]

    private static func secret(_ name: String) -> JSONTree {
        [
            "name": .string(name),
            "sds_config": [
                "resource_api_version": "V3", "initial_fetch_timeout": "0s",
                "api_config_source": [
                    "api_type": "GRPC", "transport_api_version": "V3",
                    "grpc_services": [["envoy_grpc": ["cluster_name": "sds-grpc"]]],
                ],
            ],
        ]
    }

    private func cluster(_ name: String, address: JSONTree) -> [String: JSONTree] {
        [
            "name": .string(name), "type": "STATIC", "connect_timeout": "1s",
            "load_assignment": [
                "cluster_name": .string(name), "endpoints": [["lb_endpoints": [["endpoint": ["address": address]]]]],
            ],
        ]
    }
}
