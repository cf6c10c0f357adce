// SPDX-License-Identifier: Apache-2.0
import Testing

/// Tests of whole meshes, one after the other: each starts real processes, a control plane and sidecars among them.
@Suite(.serialized, .timeLimit(.minutes(15)))
struct IntegrationSuite {}
