// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

/// Which of the demo's services this process is, and whom it calls to answer a request.
enum Role: String, Sendable, CaseIterable, ExpressibleByArgument {
    case gateway
    case auth = "auth-service"
    case order = "order-service"
    case user = "user-service"
    case payment = "payment-service"
    case load

    /// The calls one request makes, all at once. Hosts are mesh names: the sidecar routes them by authority.
    ///
    /// - Parameter hasGRPC: Payments are charged by gRPC where there is a way to them.
    func dependencies(hasGRPC: Bool) -> [String] {
        switch self {
        case .gateway: ["http://auth-service:8080/verify", "http://user-service:8080/profile", "http://order-service:8080/orders"]
        case .order: [hasGRPC ? "grpc://payment-service:9090/charge" : "http://payment-service:8080/charge"]
        case .auth, .user, .payment, .load: []
        }
    }
}
