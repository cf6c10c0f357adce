// SPDX-License-Identifier: Apache-2.0

/// Which end of a connection we are.
package enum HTTP2Role: Sendable, Hashable {
    case client
    case server
}
