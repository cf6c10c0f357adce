// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// The live view: drawn every second from the sidecars' counters, while keys step through the story.
final class DemoScreen: Sendable {
    private let mesh: DemoMesh
    private let heading: String
    private let steps = Mutex(StoryStep.allCases.map { DemoScene.Step(title: $0.rawValue) })

    init(mesh: DemoMesh, heading: String) {
        self.mesh = mesh
        self.heading = heading
    }

    /// Until `q` or the end of input.
    func run() async throws {
        let terminal = RawTerminal()
        defer { terminal.restore() }
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.draw(terminal)
                return false
            }
            group.addTask {
                await self.follow(terminal.keys())
                return true
            }
            while let isOver = await group.next(), !isOver {}
            group.cancelAll()
        }
    }

    /// Rates over the last ten seconds.
    private func draw(_ terminal: RawTerminal) async {
        let start = ContinuousClock.now
        var history: [(time: ContinuousClock.Instant, table: EdgeTable)] = []
        while !Task.isCancelled {
            let table = await mesh.traffic()
            let now = ContinuousClock.now
            history.append((now, table))
            if history.count > 11 { history.removeFirst() }
            let oldest = history[0]
            let seconds = Int((now - start) / .seconds(1))
            let scene = DemoScene(
                heading: "\(heading) · \(seconds / 60)m\(seconds % 60)s", traffic: table.since(oldest.table),
                interval: (now - oldest.time) / .seconds(1), steps: steps.withLock { $0 })
            let size = terminal.size
            terminal.write(TerminalView(width: size.columns, height: size.rows).frame(scene))
            try? await Task.sleep(for: .seconds(1))
        }
    }

    private func follow(_ keys: AsyncStream<Character>) async {
        await withDiscardingTaskGroup { group in
            for await key in keys {
                if key == "q" { break }
                guard let index = chosenStep(key) else { continue }
                group.addTask { await self.play(index) }
            }
            group.cancelAll()
        }
    }

    /// The step of a digit, or the first that has not been played.
    private func chosenStep(_ key: Character) -> Int? {
        steps.withLock { steps in
            let running = steps.contains { $0.progress == .running }
            guard !running else { return nil }
            let index = key == "n" ? steps.firstIndex { $0.progress == .waiting } : key.wholeNumberValue.map { $0 - 1 }
            guard let index, steps.indices.contains(index) else { return nil }
            steps[index].progress = .running
            return index
        }
    }

    private func play(_ index: Int) async {
        let progress: DemoScene.Progress
        do {
            progress = .done(try await StoryStep.allCases[index].play(mesh))
        } catch {
            progress = .failed("\(error)")
        }
        steps.withLock { $0[index].progress = progress }
    }
}
