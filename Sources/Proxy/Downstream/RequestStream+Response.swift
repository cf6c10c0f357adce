// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// What the upstream answers, on its way down.
extension RequestStream: UpstreamEvents {
    func upstreamInterim(_ head: ResponseHead) {
        // As Envoy: all of them or none.
        guard self.manager.settings.proxiesInterimResponses, self.responseHead == nil, !self.isFinished else { return }
        // The client has heard of this attempt: there is no other.
        self.planner = RetryPlanner(nil)
        self.touch()
        var head = head
        HopByHop.strip(&head.headers)
        self.sink?.sendInterim(head)
    }

    func upstreamHead(_ head: consuming ResponseHead, body: BodyLength) {
        guard !self.isFinished, let sink = self.sink else { return }
        self.touch()
        let isTunnel = self.agreesToTunnel(head)
        guard head.status != 101 || isTunnel else { return self.refuseAnswer("101 that nobody asked for") }
        if let retry = self.forward?.retry, self.retry(after: .response(retry.outcome(of: head))) {
            let outcome = Self.outcome(head)
            guard body == .none else { return self.giveUpAttempt(outcome) }
            // Nothing follows: the connection is good for others.
            self.upstream = nil
            return self.endAttempt(outcome)
        }
        if !isTunnel { self.forgetBody() }
        self.worker.timers.cancel(&self.timers.perTry)
        self.giveBackRetry()
        self.entry.responseCode = Int(head.status)
        self.entry.responseCodeDetails = "via_upstream"
        let elapsed = (NIODeadline.now() - self.attemptStarted).nanoseconds
        self.entry.serviceTime = elapsed
        let upgrade = isTunnel ? head.headers.first(.upgrade) : nil
        var answer = head
        HopByHop.strip(&answer.headers)
        // RFC 9110 8.6 and 9.3.6.
        if isTunnel || answer.status == 204 { answer.headers.remove(.contentLength) }
        if !isTunnel { answer.headers.set(.upstreamServiceTime, decimal: UInt64(clamping: elapsed / 1_000_000)) }
        for cookie in self.requestHash?.newCookies ?? [] { answer.headers.add("set-cookie", cookie) }
        self.finishHead(&answer)
        if let upgrade { answer.headers.add("upgrade", upgrade) }
        self.responseHead = answer
        sink.sendHead(answer, body: isTunnel ? .untilClose : body)
        if isTunnel { self.beginTunnel(sink) }
    }

    /// The upstream's answer is none that may be passed on.
    private func refuseAnswer(_ reason: String) {
        self.upstream?.cancel()
        self.upstreamFailed(.protocolError(reason))
    }

    /// What is done to every answer's head, also our own.
    func finishHead(_ head: inout ResponseHead) {
        if let route = self.route, !(self.marks?.isPreflight ?? false) {
            for editor in route.responseHeaders { editor.apply(to: &head.headers, resolve: self.resolve) }
        }
        if let editor = self.target?.responseHeaders { editor.apply(to: &head.headers, resolve: self.resolve) }
        if self.marks != nil || self.chain.editsAnswers { self.filterResponse(&head.headers) }
        AnswerHead.finish(&head, manager: self.manager, worker: self.worker)
    }

    static func outcome(_ head: ResponseHead, trailers: HeaderBlock? = nil) -> OutlierResult {
        let status = (trailers?.first(.grpcStatus) ?? head.headers.first(.grpcStatus))?.decimal
        return .response(status: head.status, grpcStatus: status.flatMap { UInt32(exactly: $0) })
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
        guard !self.isFinished, self.responseHead != nil, let sink = self.sink else { return }
        sink.flush()
        if !sink.isWritable { self.upstream?.pauseReading() }
    }

    func upstreamWritabilityChanged(_ isWritable: Bool) {
        guard isWritable else { return }
        self.touch()
        self.resumeRequest()
    }

    func upstreamEnd(_ trailers: HeaderBlock?) {
        guard !self.isFinished, let head = self.responseHead else { return }
        if self.isTunnel { return self.endTunnel() }
        self.upstream = nil
        if let status = (trailers?.first(.grpcStatus) ?? head.headers.first(.grpcStatus))?.decimal {
            self.entry.grpcStatus = status
        }
        self.endAttempt(Self.outcome(head, trailers: trailers))
        let sink = self.sink
        self.sink = nil
        self.finish()
        sink?.sendEnd(trailers)
    }

    func upstreamFailed(_ failure: UpstreamFailure) {
        guard !self.isFinished else { return }
        let sent = self.upstream != nil
        self.upstream = nil
        if self.responseHead == nil, self.retryStale(failure) { return }
        let reset = failure.reset
        self.entry.transportFailureReason = failure.transportText
        let retries = self.retry(after: .reset(reset, requestSent: sent))
        self.endAttempt(failure.outlierResult)
        if retries { return }
        guard self.responseHead != nil else { return self.fail(.reset(reset)) }
        self.entry.flags.insert(reset.flag)
        let reason = reset.reason.replacing(" ", with: "_")
        self.entry.responseCodeDetails = "upstream_reset_after_response_started{\(reason)}"
        self.abortResponse()
    }
}
