// SPDX-License-Identifier: Apache-2.0

/// A document that a bootstrap is read from.
package struct BootstrapSource: Sendable, Hashable {
    /// For messages: a file's path, or an option.
    package var name: String
    package var text: String

    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// `bootstrap.yaml:12`, in the last of the sources that has the field or its nearest container.
    package static func place(of error: BootstrapError, in sources: [BootstrapSource]) -> String {
        let names = sources.map(\.name).joined(separator: " with ")
        let found = sources.compactMap { source -> (source: String, depth: Int, line: Int)? in
            if let line = error.line { return error.document == source.text ? (source.name, .max, line) : nil }
            return DocumentLines(source.text)?.find(error.path).map { (source.name, $0.depth, $0.line) }
        }
        let deepest = found.map(\.depth).max() ?? 0
        guard let best = found.last(where: { $0.depth == deepest }) else { return names }
        return "\(best.source):\(best.line)"
    }
}
