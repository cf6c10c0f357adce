// SPDX-License-Identifier: Apache-2.0

/// What the live view shows at one moment.
package struct DemoScene: Sendable, Hashable {
    package enum Progress: Sendable, Hashable { case waiting, running, done([StoryClaim]), failed(String) }

    package struct Step: Sendable, Hashable {
        package var title: String
        package var progress: Progress

        package init(title: String, progress: Progress = .waiting) {
            self.title = title
            self.progress = progress
        }
    }

    package var heading: String
    /// Growth of the counters over `interval` seconds.
    package var traffic: EdgeTable
    package var interval: Double
    package var steps: [Step]

    package init(heading: String, traffic: EdgeTable, interval: Double, steps: [Step]) {
        self.heading = heading
        self.traffic = traffic
        self.interval = interval
        self.steps = steps
    }
}
