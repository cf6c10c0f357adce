// SPDX-License-Identifier: Apache-2.0

package import HTTP1

/// RFC 3986 normalisation of a path before it is matched, so that a policy and a service see the same path (Istio's BASE, and
/// MERGE_SLASHES).
package enum PathNormalization {
    package enum Outcome: Sendable, Hashable {
        case unchanged
        case changed(String)
        /// Answered with 400: NUL in the path.
        case refused
    }

    package static func normalize(_ head: RequestHead, mergesSlashes: Bool) -> Outcome {
        guard head.pathAndQuery.hasPrefix("/") else { return .unchanged }
        let path = head.path
        let needsWork = path.withBytes { bytes in
            var previous: UInt8 = 0
            for byte in bytes {
                if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "\\") || Self.isEscaped(byte) { return true }
                if previous == UInt8(ascii: "/"), byte == UInt8(ascii: ".") || (mergesSlashes && byte == UInt8(ascii: "/")) {
                    return true
                }
                previous = byte
            }
            return false
        }
        guard needsWork else { return .unchanged }
        guard var bytes = decode(Array(path.string.utf8)) else { return .refused }
        bytes = removingDots(bytes)
        if mergesSlashes { bytes = merged(bytes) }
        let changed = text(bytes, head)
        return head.pathAndQuery == changed ? .unchanged : .changed(changed)
    }

    /// With `%2F` and `%5C` as what they stand for; nil where there is neither.
    package static func unescapingSlashes(_ head: RequestHead) -> String? {
        let path = Array(head.path.string.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < path.count {
            if path[index] == UInt8(ascii: "%"), index + 2 < path.count, let high = hex(path[index + 1]),
                let low = hex(path[index + 2]), case let value = high << 4 | low,
                value == UInt8(ascii: "/") || value == UInt8(ascii: "\\")
            {
                result.append(value)
                index += 3
            } else {
                result.append(path[index])
                index += 1
            }
        }
        return result.count == path.count ? nil : text(result, head)
    }

    /// With one slash where several follow each other; nil where none do.
    package static func mergingSlashes(_ head: RequestHead) -> String? {
        guard head.pathAndQuery.hasPrefix("/") else { return nil }
        let path = Array(head.path.string.utf8)
        let result = merged(path)
        return result.count == path.count ? nil : text(result, head)
    }

    private static func text(_ path: [UInt8], _ head: RequestHead) -> String {
        String(decoding: path, as: UTF8.self) + (head.query.map { "?" + $0.string } ?? "")
    }

    /// Unreserved characters decoded, what may not stand in a path escaped, `\` as `/`; other escapes stay as they came. Nil for
    /// `%00`.
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
                    result += [byte, path[index], path[index + 1]]
                }
                index += 2
            case _ where isEscaped(byte): result += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
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

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 55 + value }

    /// Characters outside of RFC 3986's that a target may bring.
    private static func isEscaped(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"),
            UInt8(ascii: "|"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

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

    /// RFC 3986 §5.2.4: dots do not climb above the root.
    private static func removingDots(_ path: [UInt8]) -> [UInt8] {
        var segments: [ArraySlice<UInt8>] = []
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if part.elementsEqual(".".utf8) {
                if isLast { segments.append([]) }
            } else if part.elementsEqual("..".utf8) {
                _ = segments.popLast()
                if isLast { segments.append([]) }
            } else {
                segments.append(part)
            }
        }
        return Array("/".utf8) + segments.joined(separator: [UInt8(ascii: "/")])
    }
}
