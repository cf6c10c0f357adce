// SPDX-License-Identifier: Apache-2.0

/// Header values with `%COMMAND%` in them. A value that Envoy would not parse would make it refuse the whole route table, so every
/// percent sign that starts no command we know is doubled, which means itself.
enum HeaderValueFormat {
    private static let commands: Set<String> = [
        "REQ", "RESP", "TRAILER", "START_TIME", "PROTOCOL", "RESPONSE_CODE", "RESPONSE_FLAGS", "ROUTE_NAME", "UPSTREAM_HOST",
        "UPSTREAM_CLUSTER", "UPSTREAM_CLUSTER_RAW", "DOWNSTREAM_REMOTE_ADDRESS", "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT",
        "DOWNSTREAM_LOCAL_ADDRESS", "DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", "DOWNSTREAM_PEER_URI_SAN", "DOWNSTREAM_PEER_SUBJECT",
        "REQUESTED_SERVER_NAME", "HOSTNAME",
    ]

    static func safe(_ value: String) -> String {
        guard value.contains("%") else { return value }
        var result = ""
        var rest = Substring(value)
        while let start = rest.firstIndex(of: "%") {
            result += rest[..<start]
            let after = rest.index(after: start)
            if let end = rest[after...].firstIndex(of: "%") {
                let inner = rest[after..<end]
                if inner.isEmpty || isCommand(inner) {
                    result += rest[start...end]
                    rest = rest[rest.index(after: end)...]
                    continue
                }
            }
            result += "%%"
            rest = rest[after...]
        }
        return result + rest
    }

    private static func isCommand(_ text: Substring) -> Bool {
        let name = text.prefix { $0.isUppercase || $0 == "_" }
        guard commands.contains(String(name)) else { return false }
        let arguments = text[name.endIndex...]
        switch name {
        case "REQ", "RESP", "TRAILER":
            guard arguments.hasPrefix("("), arguments.hasSuffix(")"), arguments.count > 2 else { return false }
            return arguments.dropFirst().dropLast().allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_?:".contains($0)) }
        default: return arguments.isEmpty
        }
    }
}
