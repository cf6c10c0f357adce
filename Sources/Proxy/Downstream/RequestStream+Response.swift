// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// What the upstream answers, on its way down.
extension RequestStream: UpstreamEvents {
    func upstreamInterim(_ head: ResponseHead) {
        // 100 has been said already; other interim answers pass.
        guard head.status != 100, self.responseHead == nil else { return }
        self.sink?.sendInterim(head)
    }

    func upstreamHead(_ head: ResponseHead, body: BodyLength) {
        guard !self.isFinished, let sink = self.sink else { return }
        if let policy = self.action?.retry,
            RetryDecider.retries(status: head, policy: policy, headers: self.route?.retriableHeaders ?? [])
        {
            let outcome = Self.outcome(head)
            if self.keepsBody, self.attempts <= policy.retries {
                self.giveUpAttempt(outcome)
                if self.retry(policy) { return }
                return self.reply(LocalReply(503, flag: .upstreamOverflow, details: "upstream_retry_overflow"))
            }
            if policy.retries > 0 { self.entry.flags.insert(.upstreamRetryLimitExceeded) }
        }
        self.forgetBody()
        self.perTryTimer?.cancel()
        self.perTryTimer = nil
        var answer = head
        self.entry.responseCode = Int(head.status)
        self.entry.responseCodeDetails = "via_upstream"
        let elapsed = (NIODeadline.now() - self.attemptStarted).nanoseconds
        self.entry.upstream.serviceTime = elapsed
        self.isTunnel = head.status == 101
        let upgrade = self.isTunnel ? head.headers.first(.upgrade) : nil
        HopByHop.strip(&answer.headers)
        answer.headers.set(.upstreamServiceTime, String(elapsed / 1_000_000))
        for cookie in self.requestHash?.newCookies ?? [] { answer.headers.add("set-cookie", cookie) }
        self.finishHead(&answer)
        if let upgrade { answer.headers.add("upgrade", upgrade) }
        self.responseHead = answer
        sink.sendHead(answer, body: body)
        guard self.isTunnel else { return }
        self.timeoutTimer?.cancel()
        self.timeoutTimer = nil
        sink.becomeTunnel()
    }

    /// What is done to every answer's head, also our own.
    private func finishHead(_ head: inout ResponseHead) {
        if let route = self.route {
            for editor in route.responseHeaders { editor.apply(to: &head.headers, resolve: self.resolve) }
        }
        if let chosen = self.chosen, !chosen.responseHeaders.isEmpty {
            HeaderEditor(chosen.responseHeaders).apply(to: &head.headers, resolve: self.resolve)
        }
        guard let manager = self.connection.manager else { return }
        switch manager.serverHeader {
        case .overwrite: head.headers.set(.server, manager.serverName)
        case .appendIfAbsent: if !head.headers.contains(.server) { head.headers.add("server", manager.serverName) }
        case .passThrough: break
        }
    }

    private static func outcome(_ head: ResponseHead, trailers: HeaderBlock? = nil) -> OutlierResult {
        let status = (trailers?.first(.grpcStatus) ?? head.headers.first(.grpcStatus))?.decimal
        return .response(status: head.status, grpcStatus: status.flatMap { UInt32(exactly: $0) })
    }

    func upstreamData(_ data: ByteBuffer) {
        guard !self.isFinished, let sink = self.sink else { return }
        self.entry.responseBytes &+= UInt64(data.readableBytes)
        sink.sendData(data)
        if !sink.isWritable { self.upstream?.pauseReading() }
    }

    func upstreamReadComplete() {
        guard !self.isFinished, self.responseHead != nil, let sink = self.sink else { return }
        sink.flush()
        if !sink.isWritable { self.upstream?.pauseReading() }
    }

    func upstreamWritabilityChanged(_ isWritable: Bool) {
        if isWritable { self.resumeRequest() }
    }

    func upstreamEnd(_ trailers: HeaderBlock?) {
        guard !self.isFinished, let head = self.responseHead else { return }
        self.upstream = nil
        if let status = (trailers?.first(.grpcStatus) ?? head.headers.first(.grpcStatus))?.decimal {
            self.entry.grpcStatus = status
        }
        self.endAttempt(Self.outcome(head, trailers: trailers))
        let sink = self.sink
        self.sink = nil
        let isTunnel = self.isTunnel
        self.finish()
        if isTunnel { sink?.abort() } else { sink?.sendEnd(trailers) }
    }

    func upstreamFailed(_ failure: UpstreamFailure) {
        guard !self.isFinished else { return }
        let sent = self.upstream != nil
        self.upstream = nil
        if self.responseHead == nil, self.retryStale(failure) { return }
        self.entry.upstream.transportFailureReason = failure.reason
        self.endAttempt(failure.outlierResult)
        if self.responseHead != nil {
            self.entry.flags.insert(.upstreamConnectionTermination)
            return self.abortResponse()
        }
        if let policy = self.action?.retry, RetryDecider.retries(failure: failure, policy: policy, requestSent: sent),
            self.retry(policy)
        {
            return
        }
        self.reply(LocalReply(failure))
    }

    // MARK: Ends

    func reply(_ reply: LocalReply) {
        guard !self.isFinished else { return }
        if let flag = reply.flag { self.entry.flags.insert(flag) }
        self.entry.responseCodeDetails = reply.details
        guard let sink = self.sink else { return self.abandon() }
        var head: ResponseHead
        var body = reply.body
        if self.entry.isGRPC, reply.location == nil {
            let status = reply.grpcStatus ?? LocalReply.grpcStatus(for: reply.status)
            head = ResponseHead(status: 200, headers: [("content-type", "application/grpc"), ("grpc-status", String(status))])
            head.headers.add("grpc-message", GRPCMessage.encode(body))
            body = []
            self.entry.grpcStatus = Int(status)
        } else {
            head = ResponseHead(status: reply.status, headers: [])
            if !body.isEmpty { head.headers.add("content-type", "text/plain") }
            if let location = reply.location { head.headers.add("location", location) }
        }
        head.headers.add("content-length", String(body.count))
        self.finishHead(&head)
        self.entry.responseCode = Int(head.status)
        self.entry.responseBytes = self.original.method == .head ? 0 : UInt64(body.count)
        self.responseHead = head
        self.sink = nil
        self.finish()
        let sendsBody = !body.isEmpty && self.original.method != .head
        sink.sendHead(head, body: sendsBody ? .length(body.count) : .none)
        if sendsBody { sink.sendData(ByteBuffer(bytes: body)) }
        sink.sendEnd(nil)
    }

    /// The answer has begun and cannot be ended well.
    func abortResponse() {
        let sink = self.sink
        self.sink = nil
        self.abandon()
        sink?.abort()
    }

    /// Nobody waits for an answer any more.
    func abandon() {
        if self.upstream != nil || self.isWaiting {
            let upstream = self.upstream
            self.upstream = nil
            if self.isWaiting {
                self.isWaiting = false
                self.endpoint?.pool.cancel(self)
            }
            self.endAttempt(nil)
            upstream?.cancel()
        }
        self.finish()
    }

    private func finish() {
        guard !self.isFinished else { return }
        self.isFinished = true
        for timer in [self.perTryTimer, self.timeoutTimer, self.delayTimer] { timer?.cancel() }
        self.kept = []
        self.entry.attempts = self.attempts
        self.entry.duration = (NIODeadline.now() - self.started).nanoseconds
        self.connection.describe(&self.entry)
        self.record()
    }

    private func record() {
        let telemetry = self.worker.telemetry
        let scope = self.connection.listener.listener.telemetry
        if let reporter = scope.reporter, !scope.disabledMetrics.contains("ALL_METRICS") {
            let service = self.cluster?.service ?? .unknown
            let local = self.worker.localLabels
            switch reporter {
            case .source:
                telemetry.requestEnded(
                    self.entry,
                    context: StreamContext(
                        reporter: .source, source: local, destination: self.tried.last?.labels ?? .unknown, service: service,
                        isMutualTLS: false))
            case .destination:
                telemetry.requestEnded(
                    self.entry,
                    context: StreamContext(
                        reporter: .destination, source: self.connection.source(metadata: self.metadata), destination: local,
                        service: service, isMutualTLS: self.connection.isMutualTLS))
            }
        }
        guard !self.connection.chain.accessLogs.isEmpty else { return }
        self.connection.log(self.entry, request: self.head, response: self.responseHead)
    }
}

/// `grpc-message` is percent-encoded (gRPC over HTTP/2, "Responses").
enum GRPCMessage {
    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            if byte >= 0x20, byte <= 0x7E, byte != 0x25 {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += byte < 16 ? "%0" + String(byte, radix: 16, uppercase: true) : "%" + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
