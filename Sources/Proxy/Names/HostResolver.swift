// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Finds the addresses of host names; a seam for tests.
package protocol HostResolver: Sendable {
    /// All addresses as text, IPv4 and IPv6. A name that does not exist is a failure, like a server that does not answer.
    func addresses(of name: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]>
}
