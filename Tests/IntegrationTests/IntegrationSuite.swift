// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Tests of whole meshes, one after the other: each starts real processes and wants the machine for itself. They have not
/// yet been seen to pass with `malla-proxy` and are asked for by MALLA_INTEGRATION=1; issue 2 is not done before they run always.
@Suite(
    .serialized, .timeLimit(.minutes(15)),
    .enabled(if: ProcessInfo.processInfo.environment["MALLA_INTEGRATION"] == "1", "set MALLA_INTEGRATION=1 to run whole meshes"))
struct IntegrationSuite {}
