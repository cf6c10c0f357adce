// SPDX-License-Identifier: Apache-2.0
import Foundation
import Yams

/// Requests over time to instances of which some fail (`timeline.yaml` of a scenario).
struct Timeline: Decodable, Sendable {
    struct Expectation: Decodable, Sendable {
        /// Requests whose last answer was an error.
        var failed: Int?
        /// Tries of all requests of the step.
        var tries: Int?
        /// Endpoints that are left out at the end of the step, sorted.
        var ejected: String?
    }

    struct Step: Decodable, Sendable {
        var name: String
        /// Seconds since the beginning.
        var at: Int
        /// Endpoint → status; the others answer 200.
        var answers: [String: UInt16]?
        var requests: Int
        var expect: Expectation
    }

    var url: String
    var steps: [Step]

    /// Nil where the scenario has none.
    static func load(_ name: String) throws -> Timeline? {
        let file = Scenario.root.appending(path: "\(name)/timeline.yaml")
        guard FileManager.default.fileExists(atPath: file.path()) else { return nil }
        return try YAMLDecoder().decode(Timeline.self, from: try String(contentsOf: file, encoding: .utf8))
    }
}
