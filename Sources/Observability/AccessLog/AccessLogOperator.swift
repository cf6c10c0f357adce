// SPDX-License-Identifier: Apache-2.0

/// A format operator of Envoy that we act on.
enum AccessLogOperator: Sendable, Hashable {
    /// The first header that is there; names in lower case.
    case requestHeader(String, alternative: String?)
    case responseHeader(String, alternative: String?)
    case startTime(StartTimeFormat)
    case field(AccessLogField)
}
