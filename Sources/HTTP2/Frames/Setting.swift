// SPDX-License-Identifier: Apache-2.0

/// The settings that we know (RFC 9113 6.5.2, RFC 8441 3). Others are ignored.
enum Setting: UInt16 {
    case headerTableSize = 1
    case enablePush = 2
    case maxConcurrentStreams = 3
    case initialWindowSize = 4
    case maxFrameSize = 5
    case maxHeaderListSize = 6
    case enableConnectProtocol = 8
}
