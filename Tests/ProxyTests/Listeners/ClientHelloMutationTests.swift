// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Testing

@testable import Proxy

/// Changed hellos: nothing traps, what is decided stays so whatever follows, and a hello is the same in any number of records.
@Suite struct ClientHelloMutationTests {
    private static let protocols = ["h2", "http/1.1", "istio"]

    @Test func `messages`() {
        let names = ["one.example", "outbound_.80_._.a.b.svc.cluster.local"]
        let seeds = names.map { ClientHelloTests.message($0, Self.protocols, padding: 20) }
        for var mutator in Mutator.rounds(60) {
            let message = mutator.changed(mutator.pick(seeds), other: mutator.pick(seeds))
            let size = max(1, message.count / (1 + mutator.below(40)))
            let records = ClientHelloTests.records(message, of: size)
            let whole = Self.decision(records, mutator)
            // The first record says by itself whether it is a hello.
            if case .hello = whole {
                let one = ClientHello.inspect(ByteBuffer(bytes: ClientHelloTests.records(message, of: message.count)))
                #expect(one == whole, "\(mutator): \(message)")
            }
            _ = Self.decision(mutator.changed(records), mutator)
        }
    }

    private static func decision(_ bytes: [UInt8], _ mutator: Mutator) -> ClientHello.Inspection {
        let whole = ClientHello.inspect(ByteBuffer(bytes: bytes))
        for count in 0..<bytes.count {
            let early = ClientHello.inspect(ByteBuffer(bytes: bytes[..<count]))
            guard early != .needsMore else { continue }
            #expect(early == whole, "\(mutator): after \(count) bytes \(early), in the end \(whole)")
            break
        }
        return whole
    }
}
