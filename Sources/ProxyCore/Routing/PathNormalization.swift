// SPDX-License-Identifier: Apache-2.0

package import HTTP1

/// RFC 3986 normalisation of a path before it is matched, so that a policy and a service see the same path (Istio's BASE, and
/// MERGE_SLASHES).
package enum PathNormalization {
    package enum Outcome: Sendable, Hashable {
        case unchanged
        case changed(String)
        /// Answered with 400: NUL in the path, or dots that climb above the root.
        case refused
    }

    package static func normalize(_ head: RequestHead, mergesSlashes: Bool) -> Outcome {
        guard head.pathAndQuery.hasPrefix("/") else { return .unchanged }
        let path = head.path
        let needsWork = path.withBytes { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") { return true }
                if previous == UInt8(ascii: "/"), byte == UInt8(ascii: ".") || (mergesSlashes && byte == UInt8(ascii: "/")) {
                    return true
                }
                previous = byte
            }
            return false
        }
        guard needsWork else { return .unchanged }
        guard var bytes = decode(Array(path.string.utf8)) else { return .refused }
        if mergesSlashes { bytes = merged(bytes) }
        guard let clean = removingDots(bytes) else { return .refused }
        let text = String(decoding: clean, as: UTF8.self) + (head.query.map { "?" + $0.string } ?? "")
        return head.pathAndQuery == text ? .unchanged : .changed(text)
    }

    /// Unreserved characters decoded, other escapes in upper case, `\` as `/`. Nil for `%00`.
    private static func decode(_ path: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var index = 0
        while index < path.count {
            let byte = path[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\\"): result.append(UInt8(ascii: "/"))
            case UInt8(ascii: "%"):
                guard index + 1 < path.count, let high = hex(path[index]), let low = hex(path[index + 1]) else {
                    result.append(byte)
                    continue
                }
                let value = high << 4 | low
                if value == 0 { return nil }
                if isUnreserved(value) {
                    result.append(value)
                } else {
                    result += [byte, upper(path[index]), upper(path[index + 1])]
                }
                index += 2
            default: result.append(byte)
            }
        }
        return result
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    private static func upper(_ byte: UInt8) -> UInt8 { (97...122).contains(byte) ? byte - 32 : byte }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    private static func merged(_ path: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in path where byte != UInt8(ascii: "/") || result.last != UInt8(ascii: "/") { result.append(byte) }
        return result
    }

    /// RFC 3986 §5.2.4; nil when dots climb above the root.
    private static func removingDots(_ path: [UInt8]) -> [UInt8]? {
        var segments: [ArraySlice<UInt8>] = []
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if part.elementsEqual(".".utf8) {
                if isLast { segments.append([]) }
            } else if part.elementsEqual("..".utf8) {
                guard segments.popLast() != nil else { return nil }
                if isLast { segments.append([]) }
            } else {
                segments.append(part)
            }
        }
        return Array("/".utf8) + segments.joined(separator: [UInt8(ascii: "/")])
    }
}
