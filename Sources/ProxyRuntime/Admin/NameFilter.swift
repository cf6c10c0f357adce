// SPDX-License-Identifier: Apache-2.0

/// A regular expression that picks names, found anywhere in them; none picks all.
struct NameFilter {
    private let pattern: Regex<AnyRegexOutput>?

    init(_ pattern: String?) throws {
        guard let pattern, !pattern.isEmpty else {
            self.pattern = nil
            return
        }
        guard pattern.utf8.count <= 1024 else { throw BootstrapError(reason: "the regular expression is too long") }
        self.pattern = try Regex(pattern)
    }

    func takes(_ name: String) -> Bool {
        guard let pattern = self.pattern else { return true }
        return name.firstMatch(of: pattern) != nil
    }
}
