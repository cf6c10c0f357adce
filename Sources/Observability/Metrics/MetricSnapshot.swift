// SPDX-License-Identifier: Apache-2.0

/// The series of one loop, or of all after `merge`: label values to numbers.
package struct MetricSnapshot: Sendable {
    private var requests: [[String]: RequestMetricValue]
    private var connections: [[String]: ConnectionMetricValue]
    /// What Envoy counts too; sorted by name.
    package var stats: [StatSample] = []

    package init() {
        self.requests = [:]
        self.connections = [:]
    }

    init(requests: [[String]: RequestMetricValue], connections: [[String]: ConnectionMetricValue]) {
        self.requests = requests
        self.connections = connections
    }

    package mutating func merge(_ other: MetricSnapshot) {
        self.requests.merge(other.requests) { $0.merging($1) }
        self.connections.merge(other.connections) { $0.merging($1) }
    }

    /// Istio's metrics in Prometheus' text format, sorted.
    package func write(to text: inout PrometheusText) {
        let requests = self.requests.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        self.writeRequests(requests, to: &text)
        let connections = self.connections.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        self.writeConnections(connections, to: &text)
        var byMetric: [String: [StatSample]] = [:]
        for sample in self.stats { byMetric[sample.name.metric, default: []].append(sample) }
        for samples in byMetric.sorted(by: { $0.key < $1.key }) { text.stats(samples.value) }
    }

    private func writeRequests(_ series: [(key: [String], value: RequestMetricValue)], to text: inout PrometheusText) {
        guard !series.isEmpty else { return }
        let names = LabelName.istioHTTP
        text.header(.requestsTotal)
        for (values, value) in series { text.sample(.requestsTotal, names, values, value.requests) }
        text.header(.requestDuration)
        for (values, value) in series { text.histogram(.requestDuration, names, values, value.duration) }
        text.header(.requestBytes)
        for (values, value) in series { text.histogram(.requestBytes, names, values, value.requestBytes) }
        text.header(.responseBytes)
        for (values, value) in series { text.histogram(.responseBytes, names, values, value.responseBytes) }
    }

    private func writeConnections(_ series: [(key: [String], value: ConnectionMetricValue)], to text: inout PrometheusText) {
        guard !series.isEmpty else { return }
        let fields: [(MetricName, (ConnectionMetricValue) -> UInt64)] = [
            (.tcpSentBytes, { $0.sent }), (.tcpReceivedBytes, { $0.received }), (.tcpOpened, { $0.opened }),
            (.tcpClosed, { $0.closed }),
        ]
        for (name, field) in fields {
            text.header(name)
            for (values, value) in series { text.sample(name, LabelName.istioTCP, values, field(value)) }
        }
    }
}
