// SPDX-License-Identifier: Apache-2.0

/// Names and tags of spans, as Istio's proxies give them.
package enum SpanName {
    /// `<host>:<port>/*`, the operation of a route that has no decorator.
    package static func operation(host: String, port: Int) -> String { "\(host):\(port)/*" }

    package static let canonicalServiceTag = "istio.canonical_service"
    package static let canonicalRevisionTag = "istio.canonical_revision"
    package static let meshIDTag = "istio.mesh_id"
    package static let namespaceTag = "istio.namespace"
    package static let clusterIDTag = "istio.cluster_id"
}
