// SPDX-License-Identifier: Apache-2.0
import Foundation
package import X509

extension Certificate {
    /// Whether its time has begun and is not over.
    package var isInForce: Bool {
        let now = Date()
        return self.notValidBefore <= now && now <= self.notValidAfter
    }
}
