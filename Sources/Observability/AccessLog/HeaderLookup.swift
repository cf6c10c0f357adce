// SPDX-License-Identifier: Apache-2.0

/// Gives single header values to an access log, without a copy of the whole head. Names are lower case; a request's head also
/// answers `:method`, `:path`, `:authority` and `:scheme`.
package protocol HeaderLookup {
    func headerValue(_ name: String) -> String?
}

/// No head at all: TCP, and responses that never came.
package struct NoHeaders: HeaderLookup {
    package init() {}
    package func headerValue(_ name: String) -> String? { nil }
}

extension Dictionary: HeaderLookup where Key == String, Value == String {
    package func headerValue(_ name: String) -> String? { self[name] }
}
