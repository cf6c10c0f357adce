// SPDX-License-Identifier: Apache-2.0

/// Namespace and service account: what an identity of Istio's form says about a workload.
package struct WorkloadIdentity: Sendable, Hashable {
    package var namespace: String
    package var serviceAccount: String

    package init(namespace: String, serviceAccount: String) {
        self.namespace = namespace
        self.serviceAccount = serviceAccount
    }
}
