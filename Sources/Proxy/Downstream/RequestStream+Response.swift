// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// What the upstream answers, on its way down.
extension RequestStream: UpstreamEvents {
    func upstreamInterim(_ head: ResponseHead) {
        if !self.hasAnswered, !self.isFinished { self.cluster?.stats.answered(head.status) }
        // As Envoy: all of them or none.
        guard self.manager.settings.proxiesInterimResponses, !self.hasAnswered, !self.isFinished else { return }
        // The client has heard of this attempt: there is no other.
        self.planner = RetryPlanner(nil)
        self.touch()
        var head = head
        HopByHop.strip(&head.headers)
        self.connection.answered(head.status)
        self.sink?.sendInterim(head)
    }

    func upstreamHead(_ received: consuming ResponseHead, body: BodyLength) {
        guard !self.isFinished, let sink = self.sink else { return }
        self.touch()
        var head = received
        let isTunnel = self.agreesToTunnel(head)
        guard head.status != 101 || isTunnel else { return self.refuseAnswer("101 that nobody asked for") }
        guard !isTunnel || self.answersWebSocketKey(head) else { return self.refuseAnswer("no answer to a WebSocket's key") }
        if let retry = self.forward?.retry, self.retry(after: .response(retry.outcome(of: head))) {
            self.cluster?.stats.retried(head.status)
            let outcome = Self.outcome(status: head.status, grpcStatus: head.headers.first(.grpcStatus)?.decimal)
            guard body.isNone else { return self.giveUpAttempt(outcome) }
            // Nothing follows: the connection is good for others.
            self.upstream = nil
            return self.endAttempt(outcome)
        }
        self.cluster?.stats.answered(head.status)
        if !isTunnel { self.forgetBody() }
        self.worker.timers.cancel(&self.timers.perTry)
        self.giveBackRetry()
        self.entry.responseCode = Int(head.status)
        self.entry.responseCodeDetails = "via_upstream"
        let now = self.worker.lookAtClock()
        let elapsed = (now - self.attemptStarted).nanoseconds
        self.entry.serviceTime = elapsed
        let upgrade = isTunnel ? head.headers.first(.upgrade) : nil
        HopByHop.strip(&head.headers)
        if isTunnel { self.dropWebSocketAnswer(&head.headers) }
        // RFC 9110 8.6 and 9.3.6.
        if isTunnel || head.status == 204 { head.headers.remove(.contentLength) }
        if !isTunnel, !self.manager.settings.suppressesEnvoyHeaders {
            head.headers.set(.upstreamServiceTime, decimal: UInt64(clamping: elapsed / 1_000_000))
        }
        if let extras = self.extras {
            for cookie in extras.requestHash?.newCookies ?? [] { head.headers.add("set-cookie", cookie) }
        }
        self.finishHead(&head, now: now)
        if let upgrade { head.headers.add("upgrade", upgrade) }
        self.hasAnswered = true
        self.responseGRPCStatus = head.headers.first(.grpcStatus)?.decimal
        if self.keepsLog { self.responseHead = head }
        sink.sendHead(head, body: isTunnel ? .untilClose : body)
        if isTunnel { self.beginTunnel(sink) }
    }

    /// The upstream's answer is none that may be passed on.
    private func refuseAnswer(_ reason: String) {
        self.upstream?.cancel()
        self.upstreamFailed(.protocolError(reason))
    }

    /// What is done to every answer's head, also our own.
    func finishHead(_ head: inout ResponseHead, now: NIODeadline) {
        if let route = self.route, !(self.extras?.isPreflight ?? false) {
            if route.tellsAttemptCount, self.forward != nil {
                head.headers.set(.attemptCount, decimal: UInt64(max(self.attempts, 1)))
            }
            for editor in route.responseHeaders { self.edit(&head, editor) }
            if let editor = self.target?.responseHeaders { self.edit(&head, editor) }
        }
        if self.tellsID, let id = self.head.headers.first(.requestID) { head.headers.set(.requestID, id) }
        if self.extras != nil || self.chain.editsAnswers { self.filterResponse(&head.headers) }
        self.connection.answered(head.status)
        if self.isEarly { self.connection.stats.earlyAnswers &+= 1 }
        AnswerHead.finish(&head, manager: self.manager, worker: self.worker, now: now)
    }

    /// Values may be taken from the head itself (`%RESP(…)%`).
    private func edit(_ head: inout ResponseHead, _ editor: HeaderEditor) {
        guard editor.hasCommands else { return editor.apply(to: &head.headers) { _ in nil } }
        let before = head.headers
        editor.apply(to: &head.headers) { self.resolve($0, answer: before) }
    }

    /// Of an answer whose head has been given to the client.
    func outcome(grpcStatus: Int?) -> OutlierResult {
        Self.outcome(status: UInt16(clamping: self.entry.responseCode), grpcStatus: grpcStatus)
    }

    private static func outcome(status: UInt16, grpcStatus: Int?) -> OutlierResult {
        .response(status: status, grpcStatus: grpcStatus.flatMap { UInt32(exactly: $0) })
    }

    func upstreamData(_ data: ByteBuffer) {
        guard !self.isFinished, let sink = self.sink else { return }
        self.touch()
        if self.timers.perTryIdle != nil { self.lastUpstreamActivity = .now() }
        self.entry.responseBytes &+= UInt64(data.readableBytes)
        sink.sendData(data)
        if !sink.isWritable { self.upstream?.pauseReading() }
    }

    func upstreamReadComplete() {
        guard !self.isFinished, self.hasAnswered, let sink = self.sink else { return }
        sink.flush()
        if !sink.isWritable { self.upstream?.pauseReading() }
    }

    func upstreamWritabilityChanged(_ isWritable: Bool) {
        guard isWritable else { return }
        self.touch()
        self.resumeRequest()
    }

    func upstreamEnd(_ trailers: HeaderBlock?) {
        guard !self.isFinished, self.hasAnswered else { return }
        if self.isTunnel { return self.endTunnel() }
        self.upstream = nil
        let grpcStatus = trailers?.first(.grpcStatus).map { $0.decimal } ?? self.responseGRPCStatus
        if let grpcStatus { self.entry.grpcStatus = grpcStatus }
        self.endAttempt(self.outcome(grpcStatus: grpcStatus))
        let sink = self.sink
        self.sink = nil
        if self.isEarly { self.connection.stats.resets &+= 1 }
        self.finish()
        sink?.sendEnd(trailers)
    }

    func upstreamFailed(_ failure: UpstreamFailure) {
        guard !self.isFinished else { return }
        let sent = self.upstream != nil
        self.upstream = nil
        if !self.hasAnswered, self.retryStale(failure) { return }
        let reset = failure.reset
        self.entry.transportFailureReason = failure.transportText
        let retries = self.retry(after: .reset(reset, requestSent: sent))
        self.endAttempt(failure.outlierResult)
        if retries { return }
        guard self.hasAnswered else { return self.fail(.reset(reset)) }
        self.entry.flags.insert(reset.flag)
        let reason = reset.reason.replacing(" ", with: "_")
        self.entry.responseCodeDetails = "upstream_reset_after_response_started{\(reason)}"
        self.abortResponse()
    }
}
