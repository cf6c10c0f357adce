// SPDX-License-Identifier: Apache-2.0
import Logging
import ProxyRuntime
import Testing

@Suite struct LogLevelControlTests {
    @Test(arguments: [
        ("trace", Logger.Level.trace), ("debug", .debug), ("info", .info), ("warning", .warning), ("warn", .warning),
        ("error", .error), ("critical", .critical), ("INFO", .info),
    ])
    func `Envoy's levels`(_ name: String, _ level: Logger.Level) {
        #expect(LogLevelControl.level(named: name) == .some(.some(level)))
    }

    @Test func `off and what is no level`() {
        #expect(LogLevelControl.level(named: "off") == .some(.none))
        #expect(LogLevelControl.level(named: "loud") == .none)
    }

    @Test func `parts have levels of their own, until all are set`() {
        let control = LogLevelControl(.warning)
        #expect(control.set(list: "xds:debug,proxy:off") == nil)
        #expect(control.level == .debug && control.level(of: "xds") == .debug)
        #expect(control.level(of: "proxy") == nil && control.level(of: "admin") == .warning)
        #expect(control.set(list: "xds:info,nobody:debug")?.contains("unknown logger name 'nobody'") == true)
        #expect(control.level(of: "xds") == .debug)
        control.set(.error)
        #expect(LogLevelControl.names.allSatisfy { control.level(of: $0) == .error } && control.level == .error)
    }
}
