// SPDX-License-Identifier: Apache-2.0

/// Edits of every request and answer; those of routes follow its own.
package struct HeaderMutationFilter: Sendable, Hashable {
    package var steps: HeaderSteps
    /// Table, virtual host, route; otherwise the other way round.
    package var mostSpecificLast: Bool

    package init(steps: HeaderSteps, mostSpecificLast: Bool = false) {
        self.steps = steps
        self.mostSpecificLast = mostSpecificLast
    }
}

/// Edits of a request's and of an answer's head, each in the order in which they are written.
package struct HeaderSteps: Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        case edit(HeaderMutations.Edit)
        /// Lower case.
        case remove(String)
        /// Every header whose name matches.
        case removeMatching(TextMatch)
    }

    package var request: [Step]
    package var response: [Step]

    package init(request: [Step] = [], response: [Step] = []) {
        self.request = request
        self.response = response
    }
}
