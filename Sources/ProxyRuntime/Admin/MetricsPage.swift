// SPDX-License-Identifier: Apache-2.0
import Foundation
import Observability
import SPIFFE

/// All metrics of the proxy as Prometheus text.
struct MetricsPage {
    private let sources: AdminSources

    init(_ sources: AdminSources) { self.sources = sources }

    func text() async -> String {
        var text = PrometheusText()
        await self.sources.dataPlane.metrics().write(to: &text)
        let now = self.sources.now()
        text.single(.build, 1, labels: [("component", "proxy"), ("tag", MallaVersion.text)])
        text.single(.serverLive, self.sources.readiness.state == .live ? 1 : 0)
        text.single(.serverUptime, now.timeIntervalSince(self.sources.startedAt).rounded(.down))
        if let credential = self.sources.certificates.current {
            let days = credential.svid.notValidAfter.timeIntervalSince(now) / 86_400
            text.single(.certificateExpiry, max(0, days.rounded(.down)))
        }
        let counts = self.sources.certificateCounts()
        text.single(.certificateRenewals, Double(counts.renewals))
        text.single(.certificateRenewalFailures, Double(counts.failures))
        let status = await self.sources.configuration.status
        text.single(.controlPlaneConnected, status.isConnected ? 1 : 0)
        text.single(.updatesAccepted, Double(status.accepted))
        text.single(.updatesRejected, Double(status.rejected))
        text.single(.accessLogDropped, Double(self.sources.droppedLogLines()))
        return text.text
    }
}
