// SPDX-License-Identifier: Apache-2.0

/// The metrics of one event loop. It belongs to the loop: every call is made on it, so there is no lock; a scrape posts
/// `snapshot` to each loop and merges what comes back (`MetricSnapshot.merge`).
package final class TelemetryShard {
    /// More different peers or services than this on one loop are counted as `unknown`: a bound on memory.
    package static let maximumLabels = 4096

    private var peers: [PeerLabels: InternedLabels] = [:]
    private var peerList: [PeerLabels] = [PeerLabels()]
    private var services: [ServiceLabels: InternedLabels] = [:]
    private var serviceList: [ServiceLabels] = [ServiceLabels()]
    private var requests = RequestSeries()
    private var connections: [ConnectionMetricKey: ConnectionMetricValue] = [:]
    private let accessLog: (any AccessLogOutput)?
    /// Lines that have not been handed on, by file.
    private var logs: [(path: String, lines: LogLines)] = []
    /// There may be some.
    private var holdsLines = false

    /// - Parameter accessLog: Where this loop's access log lines go.
    package init(accessLog: (any AccessLogOutput)? = nil) { self.accessLog = accessLog }

    package func peer(_ labels: PeerLabels) -> InternedLabels {
        if let known = self.peers[labels] { return known }
        guard self.peerList.count < Self.maximumLabels else { return .unknown }
        let interned = InternedLabels(index: UInt32(self.peerList.count))
        self.peerList.append(labels)
        self.peers[labels] = interned
        return interned
    }

    package func service(_ labels: ServiceLabels) -> InternedLabels {
        if let known = self.services[labels] { return known }
        guard self.serviceList.count < Self.maximumLabels else { return .unknown }
        let interned = InternedLabels(index: UInt32(self.serviceList.count))
        self.serviceList.append(labels)
        self.services[labels] = interned
        return interned
    }

    package func requestEnded(_ entry: RequestSummary, context: StreamContext) {
        let key = RequestMetricKey(
            reporter: context.reporter, source: context.source, destination: context.destination, service: context.service,
            isMutualTLS: context.isMutualTLS, isGRPC: entry.isGRPC, responseCode: UInt16(clamping: entry.responseCode),
            grpcStatus: entry.isGRPC ? entry.grpcStatus.map { UInt8(clamping: $0) } ?? .max : .max, flags: entry.flags)
        self.requests.record(
            key, milliseconds: Double(entry.duration / 1_000_000),
            requestBytes: Double(entry.requestBytes), responseBytes: Double(entry.responseBytes))
    }

    package func connectionOpened(context: StreamContext) {
        self.connections[Self.key(context, flags: []), default: ConnectionMetricValue()].opened &+= 1
    }

    /// `sent` and `received` are what has gone since the last report: towards the client, and from it.
    package func connectionTransferred(context: StreamContext, sent: UInt64, received: UInt64) {
        let key = Self.key(context, flags: [])
        self.connections[key, default: ConnectionMetricValue()].sent &+= sent
        self.connections[key, default: ConnectionMetricValue()].received &+= received
    }

    package func connectionClosed(context: StreamContext, flags: ResponseFlags) {
        self.connections[Self.key(context, flags: flags), default: ConnectionMetricValue()].closed &+= 1
    }

    private static func key(_ context: StreamContext, flags: ResponseFlags) -> ConnectionMetricKey {
        ConnectionMetricKey(
            reporter: context.reporter, source: context.source, destination: context.destination, service: context.service,
            isMutualTLS: context.isMutualTLS, flags: flags)
    }

    /// One line in the access log, if there is one. True: `flushLogs` has to be called some time soon, for this line was the
    /// first since the last time.
    ///
    /// - Parameter write: Writes the same each time that it is called.
    package func log(to path: String, _ write: (inout LogLine) -> Void) -> Bool {
        guard let accessLog = self.accessLog else { return false }
        let isFirst = !self.holdsLines
        self.holdsLines = true
        var index = 0
        while index < self.logs.count, self.logs[index].path != path { index += 1 }
        if index == self.logs.count { self.logs.append((path, LogLines())) }
        if let full = self.logs[index].lines.write(write) { accessLog.write(full, to: path) }
        return isFirst
    }

    package func flushLogs() {
        self.holdsLines = false
        for index in self.logs.indices where self.logs[index].lines.count > 0 {
            self.accessLog?.write(self.logs[index].lines.take(), to: self.logs[index].path)
        }
    }

    package func snapshot() -> MetricSnapshot {
        MetricSnapshot(
            requests: Dictionary(
                self.requests.all.map { (self.labels($0.key), $0.value) }, uniquingKeysWith: { $0.merging($1) }),
            connections: Dictionary(
                self.connections.map { (self.labels($0.key), $0.value) }, uniquingKeysWith: { $0.merging($1) }))
    }

    private func labels(_ key: RequestMetricKey) -> [String] {
        IstioLabelValues.request(
            key, source: self.peerList[Int(key.source.index)], destination: self.peerList[Int(key.destination.index)],
            service: self.serviceList[Int(key.service.index)])
    }

    private func labels(_ key: ConnectionMetricKey) -> [String] {
        IstioLabelValues.connection(
            key, source: self.peerList[Int(key.source.index)], destination: self.peerList[Int(key.destination.index)],
            service: self.serviceList[Int(key.service.index)])
    }
}

extension ConnectionMetricValue {
    func merging(_ other: ConnectionMetricValue) -> ConnectionMetricValue {
        var merged = self
        merged.merge(other)
        return merged
    }
}
