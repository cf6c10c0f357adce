// SPDX-License-Identifier: Apache-2.0

/// Why a control plane did not start.
package struct ControlPlaneError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// Another process serves this data directory.
        case held
        /// The data directory cannot be used.
        case dataDirectory
        /// An address cannot be listened on.
        case address
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
