// SPDX-License-Identifier: Apache-2.0

extension RunPlan {
    /// The plan, or everything that is wrong with the arguments.
    package static func check(_ arguments: RunArguments) -> Result<RunPlan, RunArgumentsError> {
        var mistakes: [String] = []
        func checkName(_ value: String?, _ option: String) -> String {
            guard let value, !value.isEmpty else {
                mistakes.append("\(option) is needed")
                return ""
            }
            if !isDNSLabel(value) { mistakes.append("\(option) \(value): not a DNS label (a-z, 0-9 and -, at most 63)") }
            return value
        }
        let name = checkName(arguments.name, "--name")
        let service = checkName(arguments.service ?? arguments.name, "--service")
        let namespace = checkName(arguments.namespace, "--namespace")
        let account = checkName(arguments.serviceAccount, "--service-account")
        var labels: [String: String] = [:]
        for label in arguments.labels {
            let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, isLabelKey(parts[0]), parts[1].isEmpty || isLabelPart(parts[1]) {
                labels[String(parts[0])] = String(parts[1])
            } else {
                mistakes.append(
                    "--label \(label): not of the form [PREFIX/]KEY=VALUE (A-Z, a-z, 0-9, -, _ and ., at most 63, first and last a "
                        + "letter or digit)")
            }
        }
        let ports = arguments.ports.compactMap { text in
            let port = PublishedPort(argument: text)
            if port == nil { mistakes.append("--port \(text): not of the form [NAME=]PORT[:APPPORT]") }
            return port
        }
        let named = PublishedPort.unique(ports)
        if named == nil { mistakes.append("--port: a port or a name stands twice") }
        let upstreams = arguments.upstreams.compactMap { text in
            let upstream = UpstreamOption(argument: text)
            if upstream == nil { mistakes.append("--upstream \(text): not of the form SERVICE[.NAMESPACE][:PORT]:LOCALPORT") }
            return upstream
        }
        if Set(upstreams.map(\.localPort)).count != upstreams.count { mistakes.append("--upstream: a local port stands twice") }
        let proxy = ProxyChoice(argument: arguments.proxy)
        if proxy == nil { mistakes.append("--proxy \(arguments.proxy): not malla or envoy[=PATH]") }
        if arguments.command.isEmpty { mistakes.append("a command is needed after --") }
        guard mistakes.isEmpty, let named, let proxy else { return .failure(RunArgumentsError(mistakes: mistakes)) }
        return .success(
            RunPlan(
                name: name, namespace: namespace, service: service, serviceAccount: account, labels: labels, ports: named,
                upstreams: upstreams, proxy: proxy, command: arguments.command))
    }

    /// RFC 1123, 2.1.
    private static func isDNSLabel(_ text: String) -> Bool {
        text.utf8.count <= 63 && text.first != "-" && text.last != "-"
            && text.utf8.allSatisfy { (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2d }
    }

    /// A key as Kubernetes takes it: a name, before it a DNS subdomain and `/` if need be.
    private static func isLabelKey(_ text: Substring) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let name = parts.last, isLabelPart(name) else { return false }
        return parts.count == 1
            || parts[0].utf8.count <= 253
                && parts[0].split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
                    !$0.isEmpty && isDNSLabel(String($0))
                }
    }

    private static func isLabelPart(_ text: Substring) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
        }
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 63 else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last)
            && bytes.allSatisfy { isAlphanumeric($0) || $0 == 0x2d || $0 == 0x2e || $0 == 0x5f }
    }
}
