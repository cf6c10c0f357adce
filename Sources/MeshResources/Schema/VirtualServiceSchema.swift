// SPDX-License-Identifier: Apache-2.0

/// networking.istio.io VirtualService.
enum VirtualServiceSchema {
    static let spec: FieldType = .object(
        "VirtualService",
        [
            "hosts": .strings, "gateways": .strings, "http": .list(httpRoute), "tls": .list(tlsRoute), "tcp": .list(tcpRoute),
            "exportTo": .strings,
        ])

    static let destination: FieldType = .object(
        "Destination", ["host": .string, "subset": .string, "port": SharedSchema.portSelector])

    static let headerEdits: FieldType = .object(
        "HeaderOperations", ["set": .stringMap, "add": .stringMap, "remove": .strings])
    static let headers: FieldType = .object("Headers", ["request": headerEdits, "response": headerEdits])

    static let httpRoute: FieldType = .object(
        "HTTPRoute",
        [
            "name": .string, "match": .list(httpMatch),
            "route": .list(
                .object("HTTPRouteDestination", ["destination": destination, "weight": .int32, "headers": headers])),
            "redirect": .object(
                "HTTPRedirect",
                [
                    "uri": .string, "authority": .string, "port": .unsigned,
                    "derivePort": .enumeration(["FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"]), "scheme": .string,
                    "redirectCode": .unsigned, "prefixRewrite": .string,
                ]),
            "directResponse": .object(
                "HTTPDirectResponse",
                ["status": .unsigned, "body": .object("HTTPBody", ["string": .string, "bytes": .string])]),
            "delegate": .object("Delegate", ["name": .string, "namespace": .string]),
            "rewrite": .object(
                "HTTPRewrite",
                [
                    "uri": .string, "authority": .string,
                    "uriRegexRewrite": .object("RegexRewrite", ["match": .string, "rewrite": .string]),
                ]),
            "timeout": .duration,
            "retries": .object(
                "HTTPRetry",
                [
                    "attempts": .int32, "perTryTimeout": .duration, "retryOn": .string, "retryRemoteLocalities": .bool,
                    "retryIgnorePreviousHosts": .bool, "backoff": .duration,
                ]),
            "fault": .object(
                "HTTPFaultInjection",
                [
                    "delay": .object(
                        "Delay",
                        [
                            "percent": .int32, "percentage": SharedSchema.percent, "fixedDelay": .duration,
                            "exponentialDelay": .duration,
                        ]),
                    "abort": .object(
                        "Abort",
                        [
                            "httpStatus": .int32, "grpcStatus": .string, "http2Error": .string,
                            "percentage": SharedSchema.percent,
                        ]),
                ]),
            "mirror": destination,
            "mirrors": .list(
                .object("HTTPMirrorPolicy", ["destination": destination, "percentage": SharedSchema.percent])),
            "mirrorPercent": .unsigned, "mirrorPercentage": SharedSchema.percent,
            "corsPolicy": .object(
                "CorsPolicy",
                [
                    "allowOrigin": .strings, "allowOrigins": .list(SharedSchema.stringMatch), "allowMethods": .strings,
                    "allowHeaders": .strings, "exposeHeaders": .strings, "maxAge": .duration, "allowCredentials": .bool,
                    "unmatchedPreflights": .enumeration(["UNSPECIFIED", "FORWARD", "IGNORE"]),
                ]),
            "headers": headers,
        ])

    static let httpMatch: FieldType = .object(
        "HTTPMatchRequest",
        [
            "name": .string, "uri": SharedSchema.stringMatch, "scheme": SharedSchema.stringMatch,
            "method": SharedSchema.stringMatch, "authority": SharedSchema.stringMatch, "headers": SharedSchema.matchMap,
            "port": .unsigned, "sourceLabels": .stringMap, "gateways": .strings, "queryParams": SharedSchema.matchMap,
            "ignoreUriCase": .bool, "withoutHeaders": SharedSchema.matchMap, "sourceNamespace": .string, "statPrefix": .string,
        ])

    static let weighted: FieldType = .list(
        .object("RouteDestination", ["destination": destination, "weight": .int32]))

    static let tlsRoute: FieldType = .object(
        "TLSRoute",
        [
            "match": .list(
                .object(
                    "TLSMatchAttributes",
                    [
                        "sniHosts": .strings, "destinationSubnets": .strings, "port": .unsigned, "sourceLabels": .stringMap,
                        "gateways": .strings, "sourceNamespace": .string,
                    ])),
            "route": weighted,
        ])

    static let tcpRoute: FieldType = .object(
        "TCPRoute",
        [
            "match": .list(
                .object(
                    "L4MatchAttributes",
                    [
                        "destinationSubnets": .strings, "port": .unsigned, "sourceSubnet": .string, "sourceLabels": .stringMap,
                        "gateways": .strings, "sourceNamespace": .string,
                    ])),
            "route": weighted,
        ])
}
