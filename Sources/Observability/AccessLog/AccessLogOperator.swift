// SPDX-License-Identifier: Apache-2.0

/// A format operator of Envoy that we act on.
enum AccessLogOperator: Sendable, Hashable {
    /// The first header that is there.
    case header(LoggedHeader, alternative: LoggedHeader?)
    case startTime(StartTimeFormat)
    case field(AccessLogField)
}
