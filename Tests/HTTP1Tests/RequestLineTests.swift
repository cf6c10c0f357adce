// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import HTTP1

/// Every byte at every place of the parts of a request's first lines, compared with what the grammar says of it alone.
@Suite struct RequestLineTests {
    private static func head(_ method: [UInt8] = Array("GET".utf8), target: [UInt8], host: [UInt8] = Array("a".utf8)) throws
        -> RequestHead?
    {
        var parser = RequestHeadParser()
        var buffer = ByteBuffer(bytes: method + [0x20] + target + Array(" HTTP/1.1\r\nHost: ".utf8) + host + Array("\r\n\r\n".utf8))
        return try parser.next(&buffer)
    }

    private static func isTaken(_ head: @autoclosure () throws -> RequestHead?) -> Bool { ((try? head()) ?? nil) != nil }

    @Test(arguments: [2, 3, 15, 16, 17, 31, 32, 33, 50]) func `targets`(length: Int) throws {
        let plain = [0x2F] + [UInt8](repeating: 0x61, count: length - 1)
        for place in 1..<length {
            for byte in UInt8.min...UInt8.max {
                var target = plain
                target[place] = byte
                #expect(Self.isTaken(try Self.head(target: target)) == (byte > 0x20 && byte < 0x7F && byte != 0x23))
            }
        }
    }

    @Test(arguments: 1...40) func `the query begins at the first question mark`(length: Int) throws {
        let plain = [0x2F] + [UInt8](repeating: 0x61, count: length)
        let without = try #require(try Self.head(target: plain))
        #expect(without.pathLength == length + 1 && without.query == nil)
        for first in 1...length {
            for second in first...length {
                var target = plain
                target[first] = 0x3F
                target[second] = 0x3F
                let head = try #require(try Self.head(target: target))
                #expect(head.pathLength == first && head.query?.count == length - first)
            }
        }
    }

    @Test(arguments: [1, 2, 15, 16, 17, 33]) func `hosts`(length: Int) throws {
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$%&'()*+,;=".utf8)
        for place in 0..<length {
            for byte in UInt8.min...UInt8.max where ![0x09, 0x20].contains(byte) || (place > 0 && place < length - 1) {
                var host = [UInt8](repeating: 0x6D, count: length)
                host[place] = byte
                // A colon at the end is followed by no port; at the start there is an empty host.
                let isPort = byte == 0x3A && place > 0 && place == length - 1
                let isEmptyLiteral = byte == 0x5B
                guard !isEmptyLiteral else { continue }
                #expect(
                    Self.isTaken(try Self.head(target: [0x2F], host: host)) == (allowed.contains(byte) || isPort),
                    "\(byte) at \(place) of \(length)")
            }
        }
    }

    @Test(arguments: [
        ("example.test:80", true), ("example.test:", true), ("example.test:65535", true), ("example.test:123456", false),
        ("example.test:8a", false), (":80", false), ("a:b:80", false), ("[::1]:80", true), ("[::1]", true), ("[::1", false),
        ("[::g]", false), ("[::1]x", false), ("a-very-long-name-of-a-service.in-a-namespace.svc.cluster.local:8080", true),
        ("a-very-long-name-of-a-service.in-a-namespace.svc.cluster.local:8O80", false),
        ("a-very-long-name-of-a_service.in-a-namespace.svc.cluster.loc/l", false),
    ])
    func `authorities`(_ text: String, _ isRight: Bool) { #expect(RequestTargetParts.isAuthority(TextSlice(text)) == isRight) }

    @Test(arguments: ["GET", "POST", "PUT", "HEAD", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE", "GETX", "G", "POS", "M-SEARCH"])
    func `methods`(_ name: String) throws {
        let head = try #require(try Self.head(Array(name.utf8), target: [0x2F]))
        #expect(head.method == HTTPMethod(name) && head.method.name == name)
    }

    @Test(arguments: ["GeT", "get", "", "GE T", "GET\u{1}", "POST\t", "PÖST", "(", String(repeating: "A", count: 33)])
    func `no methods`(_ name: String) { #expect(!Self.isTaken(try Self.head(Array(name.utf8), target: [0x2F]))) }
}
