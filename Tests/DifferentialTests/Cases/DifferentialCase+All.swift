// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let all: [DifferentialCase] =
        methods + targets + hosts + versions + connections + bodies + headers + hopByHop + forwarded + malformedHeads
        + malformedBodies + smuggling + responses + brokenResponses + upgrades + routing + redirects + mutations + guards
        + pipelines + http2Heads + http2Fields + http2Bodies + http2Frames + retrying + conditions + ruled + upward + ending
        + halfClosed + tcp + filters + clients + codings + lengths + lines + chunks + http2Smuggling
        + ambiguousResponses + upstreamFrames + doubts
}
