// SPDX-License-Identifier: Apache-2.0

/// Parameters of a query. As in Envoy, names and values are compared without percent-decoding, and the first parameter of the name
/// counts.
enum QueryParameters {
    /// Nil: no such parameter. Empty: a parameter without `=`.
    static func value(of name: UnsafeRawBufferPointer, in query: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var start = 0
        while start <= query.count {
            let rest = query[start...]
            let end = rest.firstIndex(of: UInt8(ascii: "&")) ?? rest.endIndex
            let pair = rest[start..<end]
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? end
            if pair[start..<equals].elementsEqual(name) {
                return UnsafeRawBufferPointer(rebasing: pair[min(equals + 1, end)...])
            }
            start = end + 1
        }
        return nil
    }
}
