// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel

/// What a listener's filters find out about a connection, one after the other, from its first bytes.
struct ConnectionInspection {
    enum Progress: Sendable, Hashable {
        case needsMore
        case finished
        /// The connection is closed.
        case refused(String)
    }

    private(set) var ends: ConnectionEnds
    private var filters: ArraySlice<ListenerFilter>
    private var hello: ClientHello?
    private var sniffed: [String] = []

    init(_ filters: [ListenerFilter], ends: ConnectionEnds) {
        self.filters = filters[...]
        self.ends = ends
    }

    /// The connection belongs to another listener, whose filters begin.
    mutating func restart(_ filters: [ListenerFilter]) {
        self.filters = filters[...]
        self.hello = nil
        self.sniffed = []
    }

    /// - Parameters:
    ///   - buffer: All bytes so far; what filters take is gone from it, what they only look at is not.
    ///   - originalDestination: Asked only by the filter of that name.
    mutating func advance(_ buffer: inout ByteBuffer, originalDestination: () -> SocketAddress?) -> Progress {
        while let filter = self.filters.first {
            switch filter {
            case .originalDestination:
                if let destination = originalDestination() { self.ends.restore(destination) }
            case .proxyProtocol(let policy):
                switch ProxyProtocolHeader.inspect(buffer, versions: policy.versions, keeping: policy.keptValues) {
                case .needsMore: return .needsMore
                case .absent: if !policy.allowsOthers { return .refused("no PROXY protocol header") }
                case .invalid(let reason): return .refused("PROXY protocol: \(reason)")
                case .header(let header):
                    buffer.moveReaderIndex(forwardBy: header.length)
                    self.ends.take(header)
                }
            case .tlsInspector:
                switch ClientHello.inspect(buffer) {
                case .needsMore: return .needsMore
                case .notTLS: break
                case .hello(let hello): self.hello = hello
                }
            case .httpInspector:
                if self.hello != nil { break }
                let finding = HTTPSniffer.inspect(buffer)
                if finding == .needsMore { return .needsMore }
                if let name = finding.applicationProtocol { self.sniffed = [name] }
            }
            self.filters.removeFirst()
        }
        return .finished
    }

    var facts: ConnectionFacts {
        var facts = self.ends.facts
        facts.isTLS = self.hello != nil
        facts.serverName = self.hello?.serverName
        facts.applicationProtocols = self.hello?.applicationProtocols ?? self.sniffed
        return facts
    }
}
