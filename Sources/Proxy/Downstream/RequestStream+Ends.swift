// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// How a request ends: with an answer of our own, cut off, or whole; and what is written down about it.
extension RequestStream {
    /// The answer that this failure gets.
    func fail(_ failure: RequestFailure) {
        if failure.endsConnection { self.sink?.closeAfterAnswer() }
        let reply = LocalReply(failure, wasRetried: self.attempts > 1)
        if failure.isOfUpstream { self.cluster?.stats.answered(reply.status) }
        self.reply(reply)
    }

    /// - Parameter body: In place of the reply's own text, where it is not one.
    func reply(_ reply: LocalReply, body bytes: [UInt8]? = nil) {
        guard !self.isFinished else { return }
        self.entry.flags.formUnion(reply.flags)
        self.entry.responseCodeDetails = reply.details
        guard let sink = self.sink else { return self.abandon() }
        let shaped = self.entry.isGRPC ? reply.grpc : reply
        let body = shaped.body.isEmpty && !self.entry.isGRPC ? bytes ?? [] : Array(shaped.body.utf8)
        var head = ResponseHead(status: shaped.status, headers: [])
        if !body.isEmpty { head.headers.add("content-type", "text/plain") }
        for field in shaped.headers
        where field.name != "x-envoy-overloaded" || !self.manager.settings.suppressesEnvoyHeaders {
            head.headers.add(HeaderName(field.name), field.value)
            if field.name == "grpc-status" { self.entry.grpcStatus = Int(field.value) }
        }
        if !body.isEmpty { head.headers.add(.contentLength, decimal: UInt64(body.count)) }
        self.entry.responseCode = Int(head.status)
        self.finishHead(&head, now: self.worker.lookAtClock())
        self.entry.responseBytes = self.method.isHead ? 0 : UInt64(body.count)
        self.hasAnswered = true
        if self.keepsLog { self.responseHead = head }
        self.sink = nil
        if self.isEarly { self.connection.stats.resets &+= 1 }
        self.finish()
        let sendsBody = !body.isEmpty && !self.method.isHead
        sink.answersForItself()
        sink.sendHead(head, body: sendsBody ? .length(body.count) : .none)
        if sendsBody { sink.sendData(ByteBuffer(bytes: body)) }
        sink.sendEnd(nil)
    }

    /// The answer has begun and cannot be ended well.
    func abortResponse() {
        let sink = self.sink
        self.sink = nil
        self.connection.stats.resetsByUs &+= 1
        self.connection.stats.resets &+= 1
        self.abandon()
        sink?.abort()
    }

    /// Nobody waits for an answer any more.
    func abandon() {
        if self.upstream != nil || self.isWaiting { self.giveUpAttempt(nil) }
        self.finish()
    }

    func finish() {
        guard !self.isFinished else { return }
        self.isFinished = true
        self.connection.requestEnded()
        if self.isUpgrade { self.connection.stats.upgradesEnded &+= 1 }
        self.timers.cancelAll(self.worker.timers)
        self.giveBackRetry()
        if let extras = self.extras {
            for mirror in extras.mirrors { mirror.originalEnded() }
            extras.mirrors = []
            extras.endFault()
        }
        if !self.kept.isEmpty { self.kept = [] }
        self.entry.attempts = self.attempts
        self.entry.duration = (self.worker.lookAtClock() - self.started).nanoseconds
        self.measure()
        if self.keepsLog { self.log() }
    }

    /// The service that was asked for, also where a filter answered before a cluster was taken.
    private var service: InternedLabels {
        if let cluster = self.cluster { return cluster.service }
        guard let forward = self.route?.forward, case .single(let name) = forward.action.clusters else { return .unknown }
        return self.worker.clusters[name]?.service ?? .unknown
    }

    /// Whether somebody will read what only a log line tells.
    var keepsLog: Bool { !self.chain.accessLogs.isEmpty }

    private func log() {
        self.connection.log(self.logEntry, in: self.chain, request: self.head, response: self.responseHead)
    }

    /// What is known by now.
    var logEntry: AccessLogEntry {
        var downstream = self.connection.description
        if let client = self.client { downstream = downstream.forwarded(for: client.text) }
        return AccessLogEntry(
            self.entry, downstream: downstream, cluster: self.cluster?.cluster.name, host: self.lastEndpoint?.addressText,
            upstreamLocalAddress: self.upstreamAddress, upstreamProtocol: self.upstreamVersion.map { WireProtocol($0) },
            routeName: self.route?.route.name, virtualHost: self.route?.virtualHost)
    }

    private func measure() {
        let telemetry = self.worker.telemetry
        if let reporter = self.connection.listener.reporter {
            let service = self.service
            switch reporter {
            case .source:
                telemetry.requestEnded(
                    self.entry,
                    context: StreamContext(
                        reporter: .source, source: self.worker.ownLabels(showsIdentity: self.lastEndpoint?.tls != nil),
                        destination: self.lastEndpoint?.labels ?? .unknown, service: service, isMutualTLS: false))
            case .destination:
                telemetry.requestEnded(
                    self.entry,
                    context: StreamContext(
                        reporter: .destination, source: self.connection.source(metadata: self.metadata),
                        destination: self.worker.ownLabels(showsIdentity: self.connection.isMutualTLS), service: service,
                        isMutualTLS: self.connection.isMutualTLS))
            }
        }
    }
}
