// SPDX-License-Identifier: Apache-2.0

/// A port that a workload serves: `[NAME=]PORT[:APPPORT]`. The name's prefix tells the protocol, as in Istio.
package struct PublishedPort: Sendable, Hashable {
    /// Port of the service, which callers name.
    package var port: Int
    package var name: String
    /// Where the command listens on 127.0.0.1; 0 lets `malla run` pick a free one and tell it in `PORT`.
    package var applicationPort: Int

    package init(port: Int, name: String, applicationPort: Int) {
        self.port = port
        self.name = name
        self.applicationPort = applicationPort
    }

    package init?(argument: String) {
        var text = Substring(argument)
        var name: String?
        if let separator = text.firstIndex(where: { $0 == "=" || $0 == ":" }), text.first?.isLetter == true {
            name = String(text[..<separator])
            text = text[text.index(after: separator)...]
        }
        let numbers = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(numbers.count), let first = numbers[0], (1...65535).contains(first) else { return nil }
        let application = numbers.count == 2 ? numbers[1] : first
        guard let application, (0...65535).contains(application) else { return nil }
        if let name, !Self.isPortName(name) { return nil }
        self.init(port: first, name: name ?? "http-\(first)", applicationPort: application)
    }

    /// The ports of one workload: a single one without a name is `http`, no port or name stands twice.
    package static func unique(_ ports: [PublishedPort]) -> [PublishedPort]? {
        guard Set(ports.map(\.port)).count == ports.count, Set(ports.map(\.name)).count == ports.count else { return nil }
        guard ports.count == 1, var only = ports.first, only.name == "http-\(only.port)" else { return ports }
        only.name = "http"
        return [only]
    }

    private static func isPortName(_ name: String) -> Bool {
        name.utf8.count <= 63 && name.last != "-"
            && name.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }
}
