// SPDX-License-Identifier: Apache-2.0
import Observability

/// What listeners of one address count.
final class ListenerStats: StatGroup {
    private let place: String
    var connections = 0
    var connectionsEnded = 0
    /// Their first bytes are looked at.
    var inspected = 0
    var inspectionsEnded = 0
    var inspectionTimeouts = 0
    var inspectionErrors = 0
    /// The client went while its first bytes were waited for.
    var inspectionsCut = 0
    var withoutChain = 0
    var handshakeTimeouts = 0
    let tls = TLSStats()
    private var answers: [String: AnswerStats] = [:]
    /// Whether one of the listener's chains speaks TLS: who has none has no counters of it.
    private var speaksTLS = false

    init(place: String) { self.place = place }

    /// Of the connection managers of one prefix.
    func answers(of prefix: String) -> AnswerStats {
        if let known = self.answers[prefix] { return known }
        let made = AnswerStats()
        self.answers[prefix] = made
        return made
    }

    func prepare(for listener: CompiledListener) {
        for prefix in listener.managerPrefixes { _ = self.answers(of: prefix) }
        self.speaksTLS = self.speaksTLS || listener.speaksTLS
    }

    static let columns: [StatColumn<ListenerStats>] = [
        .counter("downstream_cx_total") { $0.connections },
        .gauge("downstream_cx_active") { $0.connections &- $0.connectionsEnded },
        .counter("downstream_cx_destroy") { $0.connectionsEnded },
        .gauge("downstream_pre_cx_active") { $0.inspected &- $0.inspectionsEnded },
        .counter("downstream_pre_cx_timeout") { $0.inspectionTimeouts },
        .counter("downstream_listener_filter_error") { $0.inspectionErrors },
        .counter("downstream_listener_filter_remote_close") { $0.inspectionsCut },
        .counter("downstream_cx_transport_socket_connect_timeout") { $0.handshakeTimeouts },
        .counter("no_filter_chain_match") { $0.withoutChain },
    ]

    private static let workerColumns = Array(ListenerStats.columns.prefix(2))

    func blocks(worker: Int) -> [StatBlock] {
        let prefix = StatPrefix.listener(self.place)
        var blocks = [self.block(prefix), self.block(.listener(self.place, worker: worker), Self.workerColumns)]
        if self.speaksTLS { blocks += self.tls.blocks(prefix) }
        for (manager, answers) in self.answers { blocks.append(answers.block(.listener(self.place, manager: manager))) }
        return blocks
    }

    var answersByManager: [String: AnswerStats] { self.answers }
}
