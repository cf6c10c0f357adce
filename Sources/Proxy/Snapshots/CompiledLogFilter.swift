// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability
import ProxyCore
import ProxyModel

/// Which requests a log takes, ready to be asked.
indirect enum CompiledLogFilter: Sendable {
    case flags(ResponseFlags?)
    case status(AccessLogConfiguration.Comparison)
    case duration(AccessLogConfiguration.Comparison)
    case grpcStatus(Set<Int>, excludes: Bool)
    case header(MatchProgram)
    case share(Fraction)
    case all([CompiledLogFilter])
    case oneOf([CompiledLogFilter])

    init(_ filter: AccessLogConfiguration.Filter) throws(RegexError) {
        switch filter {
        case .responseFlags(let names):
            let flags = ResponseFlag.allCases.filter { names.contains($0.shortName) }.reduce(into: ResponseFlags()) {
                $0.insert($1)
            }
            self = .flags(names.isEmpty ? nil : flags)
        case .status(let comparison): self = .status(comparison)
        case .duration(let comparison): self = .duration(comparison)
        case .grpcStatus(let statuses, let excludes): self = .grpcStatus(statuses, excludes: excludes)
        case .header(let match): self = .header(try MatchProgram(headers: [match]))
        case .share(let fraction): self = .share(fraction)
        case .all(let filters): self = .all(try Self.list(filters))
        case .oneOf(let filters): self = .oneOf(try Self.list(filters))
        }
    }

    private static func list(_ filters: [AccessLogConfiguration.Filter]) throws(RegexError) -> [CompiledLogFilter] {
        var list: [CompiledLogFilter] = []
        for filter in filters { list.append(try CompiledLogFilter(filter)) }
        return list
    }

    func takes(_ entry: borrowing AccessLogEntry, request: RequestHead?, isSecure: Bool, random: () -> UInt64) -> Bool {
        switch self {
        case .flags(let wanted?): return !entry.flags.isDisjoint(with: wanted)
        case .flags(nil): return !entry.flags.isEmpty
        case .status(let comparison): return comparison.holds(Int64(entry.responseCode))
        case .duration(let comparison): return comparison.holds(entry.duration / 1_000_000)
        case .grpcStatus(let statuses, let excludes):
            let inferred = Int(GRPCStatus.code(forHTTP: UInt16(clamping: entry.responseCode)))
            return statuses.contains(entry.grpcStatus ?? inferred) != excludes
        case .header(let program): return program.matches(request ?? Self.noRequest, isSecure: isSecure)
        case .share(let fraction): return fraction.includes(random())
        case .all(let filters):
            for filter in filters where !filter.takes(entry, request: request, isSecure: isSecure, random: random) { return false }
            return true
        case .oneOf(let filters):
            for filter in filters where filter.takes(entry, request: request, isSecure: isSecure, random: random) { return true }
            return false
        }
    }

    /// A connection without HTTP.
    static let noRequest = RequestHead(
        method: .get, version: .http11, form: .origin, authority: .empty, pathAndQuery: .empty, pathLength: 0,
        headers: HeaderBlock())
}
