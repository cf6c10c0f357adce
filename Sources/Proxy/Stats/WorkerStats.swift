// SPDX-License-Identifier: Apache-2.0
import Observability

/// The numbers of one event loop that are kept by name, so that they outlive a change of the configuration. Those of names that are
/// configured no more are forgotten when nothing runs under them, as in Envoy.
final class WorkerStats {
    private let worker: Int
    private var managers: [String: ManagerStats] = [:]
    private var listeners: [String: ListenerStats] = [:]
    /// Answers that managers gave through listeners that are forgotten.
    private var pastAnswers: [String: AnswerStats] = [:]
    /// Of connections without HTTP. Nobody reads them.
    let noManager = ManagerStats()
    let noAnswers = AnswerStats()

    init(worker: Int) { self.worker = worker }

    func manager(_ prefix: String) -> ManagerStats {
        if let known = self.managers[prefix] { return known }
        let made = ManagerStats()
        self.managers[prefix] = made
        return made
    }

    func listener(_ listener: CompiledListener) -> ListenerStats {
        if let known = self.listeners[listener.statPlace] { return known }
        let made = ListenerStats(place: listener.statPlace)
        made.prepare(for: listener)
        self.listeners[listener.statPlace] = made
        return made
    }

    func apply(_ listeners: some Collection<CompiledListener>) {
        var (places, prefixes): (Set<String>, Set<String>) = ([], [])
        for listener in listeners {
            places.insert(listener.statPlace)
            prefixes.formUnion(listener.managerPrefixes)
            self.listener(listener).prepare(for: listener)
            for prefix in listener.managerPrefixes { _ = self.manager(prefix) }
        }
        for (place, stats) in self.listeners where !places.contains(place) && stats.connections == stats.connectionsEnded {
            self.listeners[place] = nil
            for (prefix, answers) in stats.answersByManager { self.pastAnswers[prefix, default: AnswerStats()].take(answers) }
        }
        for (prefix, stats) in self.managers where !prefixes.contains(prefix) && stats.connections == stats.connectionsEnded {
            self.managers[prefix] = nil
            self.pastAnswers[prefix] = nil
        }
    }

    func blocks() -> [StatBlock] {
        var blocks: [StatBlock] = []
        for (prefix, stats) in self.managers {
            blocks.append(stats.block(.manager(prefix)))
            blocks.append(stats.block(.router(prefix), ManagerStats.routerColumns))
        }
        for stats in self.listeners.values {
            blocks += stats.blocks(worker: self.worker)
            for (prefix, answers) in stats.answersByManager { blocks.append(answers.block(.manager(prefix))) }
        }
        for (prefix, answers) in self.pastAnswers { blocks.append(answers.block(.manager(prefix))) }
        return blocks
    }
}
