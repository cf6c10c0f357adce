// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability
import ProxyModel

/// An access log with its format read, and where each header that it names is found.
final class CompiledAccessLog: Sendable {
    private enum Source: Sendable {
        case method, path, authority, scheme
        case request(HeaderName)
        case response(HeaderName)
    }

    let path: String
    let format: AccessLogFormat
    private let filter: CompiledLogFilter?
    /// By the header's place in the format.
    private let sources: [Source]

    init(_ configuration: AccessLogConfiguration) throws {
        self.path = configuration.path
        switch configuration.format {
        case .standard: self.format = try AccessLogFormat(text: AccessLogFormat.envoyText)
        case .text(let text): self.format = try AccessLogFormat(text: text)
        case .json(let json): self.format = try AccessLogFormat(json: json.mapValues(Self.json))
        }
        self.sources = self.format.headers.map(Self.source)
        self.filter = try configuration.filter.map { try CompiledLogFilter($0) }
    }

    func takes(
        _ entry: borrowing AccessLogEntry, request: RequestHead?, isSecure: Bool, random: () -> UInt64
    ) -> Bool {
        guard let filter = self.filter else { return true }
        return filter.takes(entry, request: request, isSecure: isSecure, random: random)
    }

    func write(
        _ header: Int, of request: RequestHead?, _ response: ResponseHead?, isSecure: Bool, to line: inout LogLine
    ) -> Bool {
        guard self.sources.indices.contains(header) else { return false }
        switch self.sources[header] {
        case .method: return request?.method.withName { Self.append($0, to: &line) } ?? false
        case .path: return request?.pathAndQuery.withBytes { Self.append($0, to: &line) } ?? false
        case .authority: return request?.authority.withBytes { Self.append($0, to: &line) } ?? false
        case .scheme:
            line.append(isSecure ? "https" : "http")
            return true
        case .request(let name): return request.map { Self.append(name, of: $0.headers, to: &line) } ?? false
        case .response(let name): return response.map { Self.append(name, of: $0.headers, to: &line) } ?? false
        }
    }

    private static func append(_ name: HeaderName, of headers: HeaderBlock, to line: inout LogLine) -> Bool {
        name.bytes.withUnsafeBytes { bytes in
            headers.withCombined(name.known, name: bytes) { value in value.map { Self.append($0, to: &line) } ?? false }
        }
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, to line: inout LogLine) -> Bool {
        guard !bytes.isEmpty else { return false }
        line.append(bytes)
        return true
    }

    private static func source(_ header: LoggedHeader) -> Source {
        if header.isOfResponse { return .response(HeaderName(header.name)) }
        return switch header.name {
        case ":method": .method
        case ":path": .path
        case ":authority": .authority
        case ":scheme": .scheme
        default: .request(HeaderName(header.name))
        }
    }

    private static func json(_ format: AccessLogConfiguration.JSONFormat) -> AccessLogFormat.JSONFormat {
        switch format {
        case .text(let text): .text(text)
        case .object(let object): .object(object.mapValues(Self.json))
        }
    }
}
