// SPDX-License-Identifier: Apache-2.0

/// One workload of the demo: an instance of a service, with a sidecar beside it.
package struct DemoWorkload: Sendable, Hashable {
    package var name: String
    package var service: String
    package var version: String
    package var serviceAccount: String
    package var grpc: GRPC?

    /// What a workload has to do with gRPC, beside HTTP.
    package enum GRPC: Sendable, Hashable { case serves, calls(String) }

    package init(_ name: String, service: String, version: String = "v1", serviceAccount: String, grpc: GRPC? = nil) {
        self.name = name
        self.service = service
        self.version = version
        self.serviceAccount = serviceAccount
        self.grpc = grpc
    }

    /// Callers first; each service has an identity of its own.
    package static let roster = [
        DemoWorkload("load", service: "load", serviceAccount: "load"),
        DemoWorkload("gateway", service: "gateway", serviceAccount: "gateway"),
        DemoWorkload("auth-v1", service: "auth-service", serviceAccount: "auth"),
        DemoWorkload("auth-v2", service: "auth-service", version: "v2", serviceAccount: "auth"),
        DemoWorkload("user-v1", service: "user-service", serviceAccount: "user"),
        DemoWorkload("user-v2", service: "user-service", version: "v2", serviceAccount: "user"),
        DemoWorkload("order-v1", service: "order-service", serviceAccount: "order", grpc: .calls("payment-service")),
        DemoWorkload("payment-1", service: "payment-service", serviceAccount: "payment", grpc: .serves),
        DemoWorkload("payment-2", service: "payment-service", serviceAccount: "payment", grpc: .serves),
    ]
}
