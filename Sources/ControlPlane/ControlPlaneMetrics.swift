// SPDX-License-Identifier: Apache-2.0
import APIServer
import XDSProtocol
import XDSServer

/// The control plane's own metrics, under the names of Istio's pilot.
enum ControlPlaneMetrics {
    static func text(_ values: PushMetrics.Values, revision: UInt64, watches: Int) -> String {
        var text = metric("pilot_xds", "gauge", "Number of proxies connected.", [("", "\(values.connected)")])
        text += metric("pilot_xds_pushes", "counter", "Responses sent, by type.", byType(values.pushes))
        text += metric("pilot_xds_resources_sent", "counter", "Resources sent, by type.", byType(values.resourcesSent))
        text += metric("pilot_total_xds_rejects", "counter", "Responses that proxies rejected, by type.", byType(values.rejects))
        text += metric(
            "citadel_server_success_cert_issuance_count", "counter", "Certificates issued.", [("", "\(values.certificatesIssued)")])
        text += metric(
            "citadel_server_authentication_failure_count", "counter", "Callers refused.", [("", "\(values.authenticationFailures)")]
        )
        text += metric("malla_store_revision", "gauge", "Revision of the last change of a resource.", [("", "\(revision)")])
        text += metric(
            "malla_store_watches", "gauge", "Watches that are open, the control plane's own among them.", [("", "\(watches)")])
        return text
            + metric("istio_build", "gauge", "Version.", [("{component=\"pilot\",tag=\"malla-\(ProgramVersion.current)\"}", "1")])
    }

    private static func byType(_ values: [ResourceType: UInt64]) -> [(labels: String, value: String)] {
        ResourceType.allCases.map { ("{type=\"\($0.shortName.lowercased())\"}", "\(values[$0] ?? 0)") }
    }

    private static func metric(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)])
        -> String
    {
        "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n" + samples.map { "\(name)\($0.labels) \($0.value)\n" }.joined()
    }
}
