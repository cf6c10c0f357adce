// SPDX-License-Identifier: Apache-2.0

/// Something that has gathered output during a turn of its loop and sends it when that ends: `SocketLoop.flushAtTurnEnd`.
package protocol TurnFlushing: AnyObject {
    func turnEnded()
}
