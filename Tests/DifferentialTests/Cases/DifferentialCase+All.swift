// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let all: [DifferentialCase] =
        methods + targets + hosts + versions + connections + bodies + headers + hopByHop + forwarded + malformedHeads
        + malformedBodies + smuggling + responses + brokenResponses + upgrades + routing + redirects + mutations + guards
        + pipelines
}
