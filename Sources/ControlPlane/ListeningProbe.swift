// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOPosix

/// Tries an address before the servers do, whose own errors do not say which of them it was.
enum ListeningProbe {
    /// - Parameter option: The option by which the user chooses the port.
    static func check(host: String, port: Int, option: String) async throws {
        do {
            let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
                .bind(host: host, port: port).get()
            try await channel.close()
        } catch {
            let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            guard let error = error as? IOError else {
                throw ControlPlaneError(
                    .address, "\(address) cannot be listened on: \(error); --listen names an address of this machine")
            }
            let (reason, advice) =
                switch error.errnoCode {
                case EADDRINUSE: ("another program does", "\(option) chooses another port, 0 a free one")
                case EADDRNOTAVAIL: ("it is not an address of this machine", "--listen names one")
                case EACCES: ("ports below 1024 are for root", "\(option) chooses another port")
                default: ("\(error)", "\(option) and --listen choose others")
                }
            throw ControlPlaneError(.address, "\(address) cannot be listened on: \(reason); \(advice)")
        }
    }
}
