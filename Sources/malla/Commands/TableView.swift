// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// A server-made Table as lines.
struct TableView: Sendable {
    let kind: ResourceKind
    let withNamespace: Bool
    let isWide: Bool
    /// Names as `KIND.GROUP/NAME`, when several kinds are shown.
    let namesKind: Bool
    private var shown: [Int] = []
    private var table = TextTable(headings: [], rows: [])
    private var widths: [Int] = []

    init(kind: ResourceKind, withNamespace: Bool, isWide: Bool, namesKind: Bool) {
        self.kind = kind
        self.withNamespace = withNamespace
        self.isWide = isWide
        self.namesKind = namesKind
    }

    var isEmpty: Bool { table.rows.isEmpty }

    mutating func add(_ tree: ManifestValue) {
        if table.headings.isEmpty {
            let columns = tree["columnDefinitions"]?.array ?? []
            shown = columns.indices.filter { isWide || (columns[$0].int("priority") ?? 0) == 0 }
            table.headings = (withNamespace ? ["NAMESPACE"] : []) + shown.map { (columns[$0].string("name") ?? "").uppercased() }
        }
        for row in tree["rows"]?.array ?? [] {
            let cells = row["cells"]?.array ?? []
            let namespace = row["object"]?["metadata"]?.string("namespace") ?? ""
            let texts = shown.map { column in
                let text = column < cells.count ? Self.text(cells[column]) : ""
                return column == 0 && namesKind ? "\(kind.qualifiedSingular)/\(text)" : text
            }
            table.rows.append((withNamespace ? [namespace] : []) + texts)
        }
    }

    mutating func lines() -> [String] {
        widths = table.columnWidths()
        return table.lines()
    }

    /// Rows that came later, under the columns of those before.
    mutating func further(_ tree: ManifestValue) -> [String] {
        table.rows = []
        add(tree)
        let lines = table.lines(widths: widths, withHeadings: false)
        widths = table.columnWidths(widths)
        return lines
    }

    private static func text(_ value: ManifestValue) -> String {
        value.string ?? (value.isNull ? "" : JSONTreeWriter.compact(value))
    }
}
