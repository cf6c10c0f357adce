// SPDX-License-Identifier: Apache-2.0

/// How requests were answered: those of one connection manager through one listener.
final class AnswerStats: StatGroup {
    private var informational = 0
    private var successful = 0
    private var redirected = 0
    private var refused = 0
    private var failed = 0
    /// With a status of no class.
    private var odd = 0

    func answered(_ status: UInt16) {
        switch status / 100 {
        case 2: self.successful &+= 1
        case 4: self.refused &+= 1
        case 5: self.failed &+= 1
        case 3: self.redirected &+= 1
        case 1: self.informational &+= 1
        default: self.odd &+= 1
        }
    }

    /// Those of a listener that has gone.
    func take(_ other: AnswerStats) {
        self.informational &+= other.informational
        self.successful &+= other.successful
        self.redirected &+= other.redirected
        self.refused &+= other.refused
        self.failed &+= other.failed
        self.odd &+= other.odd
    }

    static let columns: [StatColumn<AnswerStats>] = [
        .counter("downstream_rq_1xx") { $0.informational },
        .counter("downstream_rq_2xx") { $0.successful },
        .counter("downstream_rq_3xx") { $0.redirected },
        .counter("downstream_rq_4xx") { $0.refused },
        .counter("downstream_rq_5xx") { $0.failed },
        .counter("downstream_rq_completed") {
            $0.informational &+ $0.successful &+ $0.redirected &+ $0.refused &+ $0.failed &+ $0.odd
        },
    ]
}
