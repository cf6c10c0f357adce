// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability
import ProxyModel

/// An access log with its format read, and where each header that it names is found.
final class CompiledAccessLog: Sendable {
    /// Where a header's value is found, without references.
    private struct Source: Sendable {
        enum Place: UInt8 { case method, path, authority, scheme, request, response }

        var place: Place
        var known = KnownHeader.other
        /// Its name in lower case, a range of `names`.
        var start = 0
        var end = 0
    }

    let path: String
    let format: AccessLogFormat
    private let filter: CompiledLogFilter?
    /// By the header's place in the format.
    private let sources: [Source]
    /// Of all headers, one behind the other.
    private let names: [UInt8]

    init(_ configuration: AccessLogConfiguration) throws {
        self.path = configuration.path
        switch configuration.format {
        case .standard: self.format = try AccessLogFormat(text: AccessLogFormat.envoyText)
        case .text(let text): self.format = try AccessLogFormat(text: text, omitsEmpty: configuration.omitsEmpty)
        case .json(let json):
            self.format = try AccessLogFormat(json: json.mapValues(Self.json), omitsEmpty: configuration.omitsEmpty)
        }
        var names: [UInt8] = []
        self.sources = self.format.headers.map { Self.source($0, &names) }
        self.names = names
        self.filter = try configuration.filter.map { try CompiledLogFilter($0) }
    }

    func takes(
        _ entry: borrowing AccessLogEntry, request: RequestHead?, isSecure: Bool, random: () -> UInt64
    ) -> Bool {
        guard let filter = self.filter else { return true }
        return filter.takes(entry, request: request, isSecure: isSecure, random: random)
    }

    /// - Parameters:
    ///   - request: Nil for a connection without HTTP.
    ///   - response: Nil where none was sent.
    func write(
        _ entry: borrowing AccessLogEntry, request: RequestHead?, response: ResponseHead?, isSecure: Bool, to line: inout LogLine
    ) {
        // Unwrapped once: every look at an optional head would copy it.
        let head = request ?? CompiledLogFilter.noRequest
        let isRequest = request != nil
        let answer = response?.headers ?? HeaderBlock()
        self.format.write(entry, to: &line) { header, line in
            self.write(header, isRequest: isRequest, head, answer, isSecure: isSecure, to: &line)
        }
    }

    /// A line by itself.
    func text(
        _ entry: borrowing AccessLogEntry, request: RequestHead?, response: ResponseHead?, isSecure: Bool
    ) -> String {
        var lines = LogLines()
        _ = lines.write { self.write(entry, request: request, response: response, isSecure: isSecure, to: &$0) }
        return String(decoding: lines.bytes, as: UTF8.self)
    }

    @inline(__always)
    private func write(
        _ header: Int, isRequest: Bool, _ head: RequestHead, _ answer: HeaderBlock, isSecure: Bool,
        to line: inout LogLine
    ) -> Bool {
        guard self.sources.indices.contains(header) else { return false }
        let source = self.sources[header]
        switch source.place {
        case .method: return isRequest && head.method.withName { Self.append($0, to: &line) }
        case .path: return head.pathAndQuery.ask { Self.append($0, to: &line) }
        case .authority: return head.authority.ask { Self.append($0, to: &line) }
        case .scheme:
            line.append(isSecure ? "https" : "http")
            return true
        case .request: return self.append(source, of: head.headers, to: &line)
        case .response: return self.append(source, of: answer, to: &line)
        }
    }

    @inline(__always)
    private func append(_ source: Source, of headers: HeaderBlock, to line: inout LogLine) -> Bool {
        self.names.withUnsafeBytes { names in
            let name = UnsafeRawBufferPointer(rebasing: names[source.start..<source.end])
            return headers.withCombined(source.known, name: name) { value in
                value.map { Self.append($0, to: &line) } ?? false
            }
        }
    }

    @inline(__always)
    private static func append(_ bytes: UnsafeRawBufferPointer, to line: inout LogLine) -> Bool {
        guard !bytes.isEmpty else { return false }
        line.append(bytes)
        return true
    }

    private static func source(_ header: LoggedHeader, _ names: inout [UInt8]) -> Source {
        let place: Source.Place =
            switch (header.isOfResponse, header.name) {
            case (true, _): .response
            case (false, ":method"): .method
            case (false, ":path"): .path
            case (false, ":authority"): .authority
            case (false, ":scheme"): .scheme
            default: .request
            }
        let name = HeaderName(header.name)
        let start = names.count
        names += name.bytes
        return Source(place: place, known: name.known, start: start, end: names.count)
    }

    private static func json(_ format: AccessLogConfiguration.JSONFormat) -> AccessLogFormat.JSONFormat {
        switch format {
        case .text(let text): .text(text)
        case .object(let object): .object(object.mapValues(Self.json))
        }
    }
}
