// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Unix sockets and IPv6, on both sides, for HTTP and for bytes.
@Suite(.timeLimit(.minutes(1))) struct AddressFamilyTests {
    /// A directory whose path is short enough for sockets in it.
    private static func directory() throws -> String {
        let path = "/tmp/malla-\(UInt32.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        return path
    }

    private static func http(_ address: ProxySocketAddress) -> Listener? {
        var listener = ProxyHarness.snapshot(ports: []).with(manager: { manager in
            manager.useRemoteAddress = true
            manager.accessLogs = [
                AccessLogConfiguration(path: "log", format: .text("%RESPONSE_CODE% %UPSTREAM_HOST% %DOWNSTREAM_LOCAL_ADDRESS%\n"))
            ]
        }).listeners["l"]
        listener?.address = address
        return listener
    }

    private static let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    @Test func `HTTP from one Unix socket to another`() async throws {
        let directory = try Self.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(
            group: harness.group, greeting: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", echoes: false,
            at: SocketAddress(unixDomainSocketPath: directory + "/up"))
        _ = upstream
        var listener = try #require(Self.http(.unixPath(directory + "/down")))
        listener.socketMode = 0o600
        // Left from an earlier run.
        let old = try await GreetingUpstream(group: harness.group, at: SocketAddress(unixDomainSocketPath: directory + "/down"))
        try await old.close()
        try await harness.proxy.apply(ProxySnapshot([listener], [.fixed("c", [.unixPath(directory + "/up")])]))
        let mode = try FileManager.default.attributesOfItem(atPath: directory + "/down")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(harness.proxy.boundListeners.map(\.address) == [directory + "/down"])
        let client = try await RawConnection.open(path: directory + "/down")
        try await client.send(Self.request)
        let answer = await client.receive(within: .seconds(5)) { _ in false }
        #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.text.hasSuffix("ok"))
        // It answers before it has read anything.
        try await waitUntil("the request to arrive", within: .seconds(10)) { upstream.received.hasSuffix("\r\n\r\n") }
        #expect(upstream.received.hasPrefix("GET / HTTP/1.1\r\n"))
        #expect(!upstream.received.contains("x-forwarded-for"))
        #expect(try await harness.log.first(1) == ["200 \(directory)/up \(directory)/down"])
        try await harness.stop()
    }

    @Test func `a file in the way of a socket stays`() async throws {
        let directory = try Self.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let harness = try await ProxyHarness()
        _ = FileManager.default.createFile(atPath: directory + "/down", contents: Data("precious".utf8))
        let listener = Listener(name: "l", address: .unixPath(directory + "/down"), filterChains: [.tcp("c")])
        await #expect(throws: ProxyApplyError.self) { try await harness.proxy.apply(ProxySnapshot([listener], [])) }
        #expect(FileManager.default.contents(atPath: directory + "/down") == Data("precious".utf8))
        try await harness.stop()
    }

    @Test func `bytes between Unix sockets`() async throws {
        let directory = try Self.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(
            group: harness.group, greeting: "hi ", at: SocketAddress(unixDomainSocketPath: directory + "/up"))
        let listener = Listener(
            name: "l", address: .unixPath(directory + "/down"), filterChains: [.tcp("c", FilterChainMatch(sourceType: .local))],
            listenerFilters: [.tlsInspector])
        try await harness.proxy.apply(ProxySnapshot([listener], [.fixed("c", [.unixPath(directory + "/up")])]))
        let client = try await RawConnection.open(path: directory + "/down")
        try await client.send("hello")
        #expect(await client.receive(within: .seconds(5)) { $0.text == "hi hello" }.text == "hi hello")
        await client.close()
        #expect(upstream.connectionCount == 1)
        try await harness.stop()
    }

    @Test func `all addresses of IPv6 are not those of IPv4, unless that is asked for`() async throws {
        let harness = try await ProxyHarness()
        guard (try? SocketAddress(ipAddress: "::1", port: 0)) != nil, var six = Self.http(.host("::", port: 0)) else {
            print("skipped: this machine has no IPv6")
            return try await harness.stop()
        }
        do { try await harness.proxy.apply(ProxySnapshot([six], [])) } catch {
            print("skipped: this machine has no IPv6")
            return try await harness.stop()
        }
        let four = try #require(
            Self.http(.host("0.0.0.0", port: harness.port)).map { listener in
                var listener = listener
                listener.name = "four"
                return listener
            })
        try await harness.proxy.apply(ProxySnapshot([six, four], []))
        #expect(harness.proxy.boundListeners.count == 2)
        try await harness.proxy.apply(ProxySnapshot([], []))
        six.takesIPv4 = true
        try await harness.proxy.apply(ProxySnapshot([six], []))
        let client = try await RawConnection.open(host: "127.0.0.1", port: harness.port)
        await client.close()
        try await harness.stop()
    }

    @Test func `HTTP and bytes over IPv6`() async throws {
        let harness = try await ProxyHarness()
        guard let address = try? SocketAddress(ipAddress: "::1", port: 0),
            let upstream = try? await GreetingUpstream(
                group: harness.group, greeting: "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", echoes: false, at: address)
        else {
            print("skipped: this machine has no IPv6")
            return try await harness.stop()
        }
        let listener = try #require(Self.http(.host("::1", port: 0)))
        let cluster = Cluster.fixed("c", [.host("::1", port: upstream.port)])
        try await harness.proxy.apply(ProxySnapshot([listener], [cluster]))
        let port = harness.port
        #expect(harness.proxy.boundListeners.map(\.address) == ["[::1]:\(port)"])
        let client = try await RawConnection.open(host: "::1", port: port)
        try await client.send(Self.request)
        #expect(await client.receive(within: .seconds(5)) { _ in false }.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        // It greets before it has read.
        try await waitUntil("the request to arrive", within: .seconds(5)) { upstream.received.contains("x-forwarded-for: ::1\r\n") }
        #expect(try await harness.log.first(1) == ["200 [::1]:\(upstream.port) [::1]:\(port)"])
        let tcp = Listener(name: "t", address: .host("::1", port: 0), filterChains: [.tcp("c")])
        try await harness.proxy.apply(ProxySnapshot([tcp], [cluster]))
        let bytes = try await RawConnection.open(host: "::1", port: harness.port)
        #expect(await bytes.receive(within: .seconds(5)) { $0.text.hasSuffix("ok") }.text.hasSuffix("ok"))
        await bytes.close()
        try await harness.stop()
    }
}
