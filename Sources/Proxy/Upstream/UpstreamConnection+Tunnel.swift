// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// A connection that has become a tunnel, by an upgrade or by CONNECT: each direction may end before the other.
extension UpstreamConnection {
    func allowHalfClosure() { try? self.context?.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true) }

    func tunnelInputEnded() {
        self.tunnelEnds.input = true
        self.stream?.upstreamInputEnded()
        self.tunnelMovedOn()
    }

    func endTunnelOutput() {
        guard !self.tunnelEnds.output, let context = self.context else { return }
        self.tunnelEnds.output = true
        self.output.flush()
        context.closeOutputWhenWritten { [weak self] in
            self?.tunnelEnds.outputWritten = true
            self?.tunnelMovedOn()
        }
        self.tunnelMovedOn()
    }

    private func tunnelMovedOn() {
        if self.tunnelEnds.isOver { return self.close() }
        guard self.tunnelEnds.isEnding, let context = self.context else { return }
        context.eventLoop.assumeIsolated().scheduleTask(in: TunnelEnds.flushTime) { [weak self] in self?.close() }
    }
}
