// SPDX-License-Identifier: Apache-2.0

/// networking.istio.io DestinationRule.
enum DestinationRuleSchema {
    static let spec: FieldType = .object(
        "DestinationRule",
        [
            "host": .string, "trafficPolicy": trafficPolicy,
            "subsets": .list(
                .object("Subset", ["name": .string, "labels": .stringMap, "trafficPolicy": trafficPolicy])),
            "exportTo": .strings, "workloadSelector": SharedSchema.workloadSelector,
        ])

    static let trafficPolicy: FieldType = .object(
        "TrafficPolicy",
        [
            "loadBalancer": loadBalancer, "connectionPool": connectionPool, "outlierDetection": outlierDetection, "tls": tls,
            "portLevelSettings": .list(
                .object(
                    "PortTrafficPolicy",
                    [
                        "port": SharedSchema.portSelector, "loadBalancer": loadBalancer, "connectionPool": connectionPool,
                        "outlierDetection": outlierDetection, "tls": tls,
                    ])),
            "tunnel": .object(
                "TunnelSettings", ["protocol": .string, "targetHost": .string, "targetPort": .unsigned]),
            "proxyProtocol": .object("ProxyProtocol", ["version": .enumeration(["V1", "V2"])]),
            "retryBudget": .object(
                "RetryBudget", ["percent": .number, "minRetryConcurrency": .unsigned, "budgetInterval": .duration]),
        ])

    static let loadBalancer: FieldType = .object(
        "LoadBalancerSettings",
        [
            "simple": .enumeration(LoadBalancerSettings.Simple.allCases.map(\.rawValue)),
            "consistentHash": .object(
                "ConsistentHashLB",
                [
                    "httpHeaderName": .string,
                    "httpCookie": .object(
                        "HTTPCookie",
                        [
                            "name": .string, "path": .string, "ttl": .duration,
                            "attributes": .list(.object("Attribute", ["name": .string, "value": .string])),
                        ]),
                    "useSourceIp": .bool, "httpQueryParameterName": .string,
                    "ringHash": .object("RingHash", ["minimumRingSize": .integer(0...Int64.max)]),
                    "maglev": .object("MagLev", ["tableSize": .integer(0...Int64.max)]),
                    "minimumRingSize": .integer(0...Int64.max),
                ]),
            "localityLbSetting": .object(
                "LocalityLoadBalancerSetting",
                [
                    "distribute": .list(.object("Distribute", ["from": .string, "to": .map(.unsigned)])),
                    "failover": .list(.object("Failover", ["from": .string, "to": .string])),
                    "failoverPriority": .strings, "enabled": .bool,
                ]),
            "zoneAwareLbSetting": .object(
                "ZoneAwareLoadBalancerSetting",
                [
                    "enabled": .bool, "failover": .list(.object("Failover", ["from": .string, "to": .string])),
                    "failoverPriority": .strings, "minClusterSize": .integer(0...Int64.max),
                ]),
            "warmupDurationSecs": .duration,
            "warmup": .object(
                "WarmupConfiguration", ["duration": .duration, "minimumPercent": .number, "aggression": .number]),
        ])

    static let connectionPool: FieldType = .object(
        "ConnectionPoolSettings",
        [
            "tcp": .object(
                "TCPSettings",
                [
                    "maxConnections": .int32, "connectTimeout": .duration,
                    "tcpKeepalive": .object(
                        "TcpKeepalive", ["probes": .unsigned, "time": .duration, "interval": .duration]),
                    "maxConnectionDuration": .duration, "idleTimeout": .duration,
                ]),
            "http": .object(
                "HTTPSettings",
                [
                    "http1MaxPendingRequests": .int32, "http2MaxRequests": .int32, "maxRequestsPerConnection": .int32,
                    "maxRetries": .int32, "idleTimeout": .duration,
                    "h2UpgradePolicy": .enumeration(ConnectionPoolSettings.HTTP.H2Upgrade.allCases.map(\.rawValue)),
                    "useClientProtocol": .bool, "maxConcurrentStreams": .int32,
                    "http2KeepAlive": .object("ConnectionKeepalive", ["interval": .duration, "timeout": .duration]),
                ]),
        ])

    static let outlierDetection: FieldType = .object(
        "OutlierDetection",
        [
            "consecutiveErrors": .int32, "splitExternalLocalOriginErrors": .bool, "consecutiveLocalOriginFailures": .unsigned,
            "consecutiveGatewayErrors": .unsigned, "consecutive5xxErrors": .unsigned, "interval": .duration,
            "baseEjectionTime": .duration, "maxEjectionPercent": .int32, "minHealthPercent": .int32,
            "outlierDetectionHttpErrorCodes": .list(.unsigned),
        ])

    static let tls: FieldType = .object(
        "ClientTLSSettings",
        [
            "mode": .enumeration(ClientTLSSettings.Mode.allCases.map(\.rawValue)), "clientCertificate": .string,
            "privateKey": .string, "caCertificates": .string, "caCrl": .string, "credentialName": .string,
            "subjectAltNames": .strings, "sni": .string, "insecureSkipVerify": .bool,
        ])
}
