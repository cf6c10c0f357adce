// SPDX-License-Identifier: Apache-2.0
import HTTP2

extension HTTP2UpstreamConnection: HTTP2Pinging {
    func sendPing(_ data: UInt64) {
        self.machine.ping(data)
        self.flush()
    }

    func pingWasNotAnswered() { self.close() }
}
