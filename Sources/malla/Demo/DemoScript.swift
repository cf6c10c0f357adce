// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The story without a terminal: every step in turn, a line for each claim.
struct DemoScript: Sendable {
    let mesh: DemoMesh

    /// Whether every claim held.
    func run() async -> Bool {
        var allHeld = true
        for step in StoryStep.allCases {
            do {
                for claim in try await step.play(mesh) {
                    Self.print(claim.line)
                    allHeld = allHeld && claim.held
                }
            } catch {
                Self.print("FAILED \(step.rawValue): \(error)")
                allHeld = false
            }
        }
        return allHeld
    }

    static func print(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
}
