// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyCore
import ProxyModel

/// A filter of a connection manager, ready to run. A class, so that a request takes it by one reference.
final class CompiledFilter: Sendable {
    enum Kind: Sendable {
        case authorization(AuthorizationGate?, AuthorizationStats)
        case fault(CompiledFault?, FaultStats)
        case crossOrigin(CrossOriginStats)
        case localRateLimit(LocalRateLimiter)
        case headerMutation(HeaderStepEditor, mostSpecificLast: Bool)
    }

    /// By which routes speak to it.
    let name: String
    let kind: Kind
    /// Passed over where no route speaks to it.
    let isDisabled: Bool

    private init(_ filter: HTTPFilter, _ kind: Kind) {
        self.name = filter.name
        self.kind = kind
        self.isDisabled = filter.isDisabled
    }

    /// - Parameter told: By the request's route.
    func isOff(_ told: CompiledRouteFilters.Setting?) -> Bool {
        switch told {
        case .off?: true
        case nil: self.isDisabled
        default: false
        }
    }

    /// nil for the router, which is no step of its own.
    /// - Parameter prefix: The connection manager's.
    static func make(_ filter: HTTPFilter, prefix: String, stats: StatRegistry) throws -> CompiledFilter? {
        let scope = StatScope.http(prefix, in: stats)
        let kind: Kind
        switch filter.kind {
        case .authorization(let settings):
            let counts = AuthorizationStats(
                scope.requestRules(settings.statPrefix), shadow: scope.requestRules(settings.shadowStatPrefix))
            kind = .authorization(try AuthorizationGate(settings), counts)
        case .fault(let policy): kind = .fault(try policy.map { try CompiledFault($0) }, FaultStats(scope.filter("fault")))
        case .crossOrigin: kind = .crossOrigin(CrossOriginStats(scope.filterWithoutColons("cors")))
        case .localRateLimit(let limit): kind = .localRateLimit(try LocalRateLimiter(limit, stats: stats))
        case .headerMutation(let edits):
            kind = .headerMutation(try HeaderStepEditor(edits.steps), mostSpecificLast: edits.mostSpecificLast)
        case .router: return nil
        }
        return CompiledFilter(filter, kind)
    }

    var editsAnswers: Bool { if case .headerMutation = self.kind { true } else { false } }

    var seesAnswers: Bool {
        switch self.kind {
        case .authorization, .fault: false
        case .crossOrigin, .localRateLimit, .headerMutation: true
        }
    }
}
