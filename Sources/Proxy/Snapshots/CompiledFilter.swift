// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

/// A filter of a connection manager, ready to run. A class, so that a request takes it by one reference.
final class CompiledFilter: Sendable {
    enum Kind: Sendable {
        case authorization(RuleEvaluator?)
        case fault(CompiledFault?)
        case crossOrigin
        case localRateLimit(LocalRateLimiter)
        case headerMutation(HeaderStepEditor, mostSpecificLast: Bool)
    }

    /// By which routes speak to it.
    let name: String
    let kind: Kind

    private init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// nil for the router, which is no step of its own.
    static func make(_ filter: HTTPFilter) throws -> CompiledFilter? {
        switch filter.kind {
        case .authorization(let settings):
            CompiledFilter(filter.name, .authorization(try settings.rules.map { try RuleEvaluator($0) }))
        case .fault(let policy): CompiledFilter(filter.name, .fault(try policy.map { try CompiledFault($0) }))
        case .crossOrigin: CompiledFilter(filter.name, .crossOrigin)
        case .localRateLimit(let limit): CompiledFilter(filter.name, .localRateLimit(LocalRateLimiter(limit)))
        case .headerMutation(let edits):
            CompiledFilter(
                filter.name, .headerMutation(try HeaderStepEditor(edits.steps), mostSpecificLast: edits.mostSpecificLast))
        case .router: nil
        }
    }

    var editsAnswers: Bool { if case .headerMutation = self.kind { true } else { false } }

    var seesAnswers: Bool {
        switch self.kind {
        case .authorization, .fault: false
        case .crossOrigin, .localRateLimit, .headerMutation: true
        }
    }
}
