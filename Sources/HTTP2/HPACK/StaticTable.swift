// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// The 61 entries that every HPACK table begins with (RFC 7541 Appendix A).
enum StaticTable {
    static let pairs: [(name: String, value: String)] = [
        (":authority", ""), (":method", "GET"), (":method", "POST"), (":path", "/"), (":path", "/index.html"), (":scheme", "http"),
        (":scheme", "https"), (":status", "200"), (":status", "204"), (":status", "206"), (":status", "304"), (":status", "400"),
        (":status", "404"), (":status", "500"), ("accept-charset", ""), ("accept-encoding", "gzip, deflate"),
        ("accept-language", ""), ("accept-ranges", ""), ("accept", ""), ("access-control-allow-origin", ""), ("age", ""),
        ("allow", ""), ("authorization", ""), ("cache-control", ""), ("content-disposition", ""), ("content-encoding", ""),
        ("content-language", ""), ("content-length", ""), ("content-location", ""), ("content-range", ""), ("content-type", ""),
        ("cookie", ""), ("date", ""), ("etag", ""), ("expect", ""), ("expires", ""), ("from", ""), ("host", ""), ("if-match", ""),
        ("if-modified-since", ""), ("if-none-match", ""), ("if-range", ""), ("if-unmodified-since", ""), ("last-modified", ""),
        ("link", ""), ("location", ""), ("max-forwards", ""), ("proxy-authenticate", ""), ("proxy-authorization", ""),
        ("range", ""), ("referer", ""), ("refresh", ""), ("retry-after", ""), ("server", ""), ("set-cookie", ""),
        ("strict-transport-security", ""), ("transfer-encoding", ""), ("user-agent", ""), ("vary", ""), ("via", ""),
        ("www-authenticate", ""),
    ]

    static let entries: [FieldEntry] = Self.pairs.map { FieldEntry(name: $0.name, value: $0.value) }

    /// Where the name of a known header stands, counted from 1; 0: nowhere.
    static let indexOfKnown: [UInt8] = {
        var indexes = [UInt8](repeating: 0, count: KnownHeader.allCases.count)
        for (index, pair) in Self.pairs.enumerated().reversed() {
            let known = HeaderName(pair.name).known
            if known != .other { indexes[Int(known.rawValue)] = UInt8(index + 1) }
        }
        return indexes
    }()

    /// The entry that holds this status whole, counted from 1.
    static func index(ofStatus status: UInt16) -> UInt8? {
        switch status {
        case 200: 8
        case 204: 9
        case 206: 10
        case 304: 11
        case 400: 12
        case 404: 13
        case 500: 14
        default: nil
        }
    }
}
