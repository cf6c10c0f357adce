// SPDX-License-Identifier: Apache-2.0
import Glibc
package import NIOCore

/// What handlers of NIO's kind ask of a channel. Options that are not named here are refused.
extension SocketChannel {
    package struct Options: NIOSynchronousChannelOptions {
        fileprivate let channel: SocketChannel

        package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) throws {
            switch (option, value) {
            case (is ChannelOptions.Types.AutoReadOption, let value as Bool): self.channel.setAutoRead(value)
            case (is ChannelOptions.Types.AllowRemoteHalfClosureOption, let value as Bool):
                self.channel.allowsHalfClosure = value
            default: throw ChannelError.operationUnsupported
            }
        }

        package func getOption<Option: ChannelOption>(_ option: Option) throws -> Option.Value {
            let value: any Sendable =
                switch option {
                case is ChannelOptions.Types.AutoReadOption: self.channel.autoRead
                case is ChannelOptions.Types.AllowRemoteHalfClosureOption: self.channel.allowsHalfClosure
                case is ChannelOptions.Types.BufferedWritableBytesOption: self.channel.unsentBytes
                default: throw ChannelError.operationUnsupported
                }
            guard let value = value as? Option.Value else { throw ChannelError.operationUnsupported }
            return value
        }
    }

    package var syncOptions: (any NIOSynchronousChannelOptions)? { Options(channel: self) }

    package func setOption<Option: ChannelOption>(_ option: Option, value: Option.Value) -> EventLoopFuture<Void> {
        self.loop.submit { try Options(channel: self).setOption(option, value: value) }
    }

    package func getOption<Option: ChannelOption>(_ option: Option) -> EventLoopFuture<Option.Value> {
        self.loop.submit { try Options(channel: self).getOption(option) }
    }

    /// `autoRead`, without asking for it by name. On the loop.
    package func setReading(_ isOn: Bool) { self.setAutoRead(isOn) }

    /// The end of what the peer says does not end the connection. On the loop.
    package func allowHalfClosure() { self.allowsHalfClosure = true }

    /// Asks the system to probe a peer that is silent: seconds of silence, seconds between probes, and how many; nil: as it likes.
    package func probePeer(after time: Int?, every interval: Int?, count: Int?) throws {
        try SystemSocket.set(self.descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        for (name, value) in [(TCP_KEEPIDLE, time), (TCP_KEEPINTVL, interval), (TCP_KEEPCNT, count)] {
            if let value { try SystemSocket.set(self.descriptor, CInt(IPPROTO_TCP), name, CInt(clamping: value)) }
        }
    }

    /// An integer or structure of `getsockopt`; nil if the system knows none. On the loop.
    package func systemOption<Value: BitwiseCopyable>(level: CInt, name: CInt, _ empty: Value) -> Value? {
        guard self.isOpen else { return nil }
        var value = empty
        var length = socklen_t(MemoryLayout<Value>.size)
        return getsockopt(self.descriptor, level, name, &value, &length) == 0 ? value : nil
    }
}

extension SocketChannel: ChannelCore {
    package func localAddress0() throws -> SocketAddress {
        guard let address = self.localAddress else { throw ChannelError.unknownLocalAddress }
        return address
    }

    package func remoteAddress0() throws -> SocketAddress {
        guard let address = self.remoteAddress else { throw ChannelError.operationUnsupported }
        return address
    }

    // A channel is made with its socket: see `ListeningSocket` and `connect`.
    package func register0(promise: EventLoopPromise<Void>?) { promise?.fail(ChannelError.operationUnsupported) }
    package func registerAlreadyConfigured0(promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }
    package func bind0(to: SocketAddress, promise: EventLoopPromise<Void>?) { promise?.fail(ChannelError.operationUnsupported) }
    package func connect0(to: SocketAddress, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    package func triggerUserOutboundEvent0(_ event: Any, promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.operationUnsupported)
    }

    /// What no handler took.
    package func channelRead0(_ data: NIOAny) {}
    /// Errors of the socket itself close it, whoever hears of them.
    package func errorCaught0(error: any Error) {}
}
