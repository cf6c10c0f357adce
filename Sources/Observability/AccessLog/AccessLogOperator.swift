// SPDX-License-Identifier: Apache-2.0

/// A format operator of Envoy that we act on. Made of numbers alone: what a line writes is asked for without references.
enum AccessLogOperator: Sendable, Hashable {
    /// The first header that is there, by their places among the format's.
    case header(Int, alternative: Int?)
    /// By its place among the template's.
    case startTime(Int)
    case field(AccessLogField)
}
