// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// Steps of the header mutation filter, compiled once a snapshot.
package struct HeaderStepEditor: Sendable {
    private enum Step: Sendable {
        case edit(HeaderEditor)
        case removeMatching(TextMatcher)
    }

    private let request: [Step]
    private let response: [Step]

    package init(_ steps: HeaderSteps) throws(RegexError) {
        self.request = try Self.compiled(steps.request)
        self.response = try Self.compiled(steps.response)
    }

    private static func compiled(_ steps: [HeaderSteps.Step]) throws(RegexError) -> [Step] {
        var result: [Step] = []
        for step in steps {
            switch step {
            case .edit(let edit): result.append(.edit(HeaderEditor(HeaderMutations(edits: [edit]))))
            case .remove(let name): result.append(.edit(HeaderEditor(HeaderMutations(removals: [name]))))
            case .removeMatching(let match): result.append(.removeMatching(try TextMatcher(match)))
            }
        }
        return result
    }

    package func apply(to head: inout RequestHead, resolve: (String) -> String?) {
        for step in self.request {
            switch step {
            case .edit(let editor): editor.apply(to: &head, resolve: resolve)
            case .removeMatching(let matcher): Self.remove(from: &head.headers, matcher)
            }
        }
    }

    package func apply(to headers: inout HeaderBlock, resolve: (String) -> String?) {
        for step in self.response {
            switch step {
            case .edit(let editor): editor.apply(to: &headers, resolve: resolve)
            case .removeMatching(let matcher): Self.remove(from: &headers, matcher)
            }
        }
    }

    /// Names are compared in lower case. The host is not for removal.
    private static func remove(from headers: inout HeaderBlock, _ matcher: TextMatcher) {
        var names: [TextSlice] = []
        headers.forEach { name, _ in
            let text = name.string.lowercased()
            if text != "host", matcher.matches(text) { names.append(name) }
        }
        for name in names { headers.remove(name) }
    }
}
