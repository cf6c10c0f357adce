// SPDX-License-Identifier: Apache-2.0

/// The host of a mirrored request, so that whoever gets it can tell it from the original.
package enum MirrorHost {
    /// `a:80` becomes `a-shadow:80`, and `[::1]:80` `[::1]-shadow:80`.
    package static func marked(_ host: String) -> String {
        guard let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isWholeNumber) else {
            return host + "-shadow"
        }
        return host[..<colon] + "-shadow" + host[colon...]
    }
}
