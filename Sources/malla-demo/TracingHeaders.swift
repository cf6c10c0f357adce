// SPDX-License-Identifier: Apache-2.0
import NIOHTTP1

/// The headers an application must pass on so that the sidecars can join their spans, and the demo's `canary` header.
enum TracingHeaders {
    static let names = [
        "x-request-id", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags", "b3", "traceparent",
        "tracestate", "x-ot-span-context", "x-datadog-trace-id", "x-datadog-parent-id", "x-datadog-sampling-priority",
        "grpc-trace-bin", "x-cloud-trace-context", "canary",
    ]

    static func forwarded(from headers: HTTPHeaders) -> HTTPHeaders {
        var forwarded = HTTPHeaders()
        for name in names {
            for value in headers[name] { forwarded.add(name: name, value: value) }
        }
        return forwarded
    }
}
