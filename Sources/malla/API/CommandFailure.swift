// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation

/// Why a command did not do what it was asked, and the exit code that says so.
struct CommandFailure: Error, Sendable, Hashable, CustomStringConvertible {
    enum Kind: Int32, Sendable {
        /// The thing asked about is not fine.
        case notFine = 1
        case usage = 64
        case unreadableInput = 66
        case unreachable = 69
        case ownFault = 70
    }

    var kind: Kind
    var message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    var description: String { message }
}

/// Runs a command's work; what it throws is said on standard error and becomes the exit code.
func reportingFailures(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let failure as CommandFailure {
        if !failure.message.isEmpty { Console.finding("malla: \(failure.message)") }
        throw ExitCode(failure.kind.rawValue)
    } catch let exit as ExitCode {
        throw exit
    } catch {
        Console.finding("malla: error: \(error)")
        throw ExitCode(CommandFailure.Kind.ownFault.rawValue)
    }
}
