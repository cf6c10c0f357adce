// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The terminal's foreground group, which the command had while it ran.
enum TerminalOwnership {
    static func takeBack() {
        guard isatty(0) == 1 else { return }
        signal(SIGTTOU, SIG_IGN)
        tcsetpgrp(0, getpgrp())
    }
}
