// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The keeper of the registration, once there is one.
final class KeeperSlot: Sendable {
    private let keeper = Mutex<RegistrationKeeper?>(nil)

    func fill(_ keeper: RegistrationKeeper) { self.keeper.withLock { $0 = keeper } }

    /// Takes the workload out of the mesh and gives the others a moment to hear of it, before its command is asked to end.
    func withdraw() async {
        guard let keeper = keeper.withLock({ $0 }) else { return }
        await keeper.withdraw(within: .seconds(1))
        try? await Task.sleep(for: .milliseconds(250))
    }
}
