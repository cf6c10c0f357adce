// SPDX-License-Identifier: Apache-2.0

/// What a service says of itself, and of those it called to answer.
struct ServiceAnswer: Sendable, Hashable, Codable {
    struct Call: Sendable, Hashable, Codable {
        var url: String
        var status: Int
        var answer: ServiceAnswer?
        var failure: String?
    }

    var service: String
    var version: String
    var pid: Int32
    var calls: [Call]
}
