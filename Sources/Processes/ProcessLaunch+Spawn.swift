// SPDX-License-Identifier: Apache-2.0
import CSpawn
import Foundation

extension ProcessLaunch {
    /// Starts the child from the calling thread, whose end the parent-death signal follows.
    func spawn() throws(ProcessLaunchError) -> Int32 {
        var opened: [Int32] = []
        defer { for descriptor in opened { close(descriptor) } }
        func open(_ path: String, _ flags: Int32) throws(ProcessLaunchError) -> Int32 {
            let descriptor = Foundation.open(path, flags | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw ProcessLaunchError(executable: executable, errorNumber: errno) }
            opened.append(descriptor)
            return descriptor
        }
        func descriptor(of input: Input) throws(ProcessLaunchError) -> Int32 {
            switch input {
            case .inherited: -1
            case .null: try open("/dev/null", O_RDONLY)
            case .file(let path): try open(path, O_RDONLY)
            }
        }
        func descriptor(of output: Output) throws(ProcessLaunchError) -> Int32 {
            switch output {
            case .inherited: -1
            case .null: try open("/dev/null", O_WRONLY)
            case .appended(let path): try open(path, O_WRONLY | O_CREAT | O_APPEND)
            }
        }
        var request = malla_spawn_request()
        request.standard_input = try descriptor(of: input)
        request.standard_output = try descriptor(of: output)
        request.standard_error = try descriptor(of: errors)
        request.foreground = takesTerminal && isatty(0) == 1 ? 1 : 0
        request.parent_death_signal = parentDeathSignal ?? 0

        var pid: Int32 = 0
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let failure = withCStrings([executable] + arguments) { arguments in
            withCStrings(variables) { environment in
                executable.withCString { executable in
                    request.executable = executable
                    request.arguments = arguments
                    request.environment = environment
                    return malla_spawn(&request, &pid)
                }
            }
        }
        guard failure == 0 else { throw ProcessLaunchError(executable: executable, errorNumber: failure) }
        return pid
    }

    /// The strings as C has them, the array ended with NULL; valid only inside `body`.
    private func withCStrings(
        _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return EINVAL }
            return body(base)
        }
    }
}
