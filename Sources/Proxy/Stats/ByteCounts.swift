// SPDX-License-Identifier: Apache-2.0

/// Bytes of connections of one kind on one event loop, as they are before TLS and after it.
final class ByteCounts {
    var received = 0
    var sent = 0
}
