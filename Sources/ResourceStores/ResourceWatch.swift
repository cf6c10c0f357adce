// SPDX-License-Identifier: Apache-2.0

/// Changes as they happen, in order. Ends with an `expired` error when its reader falls too far behind; ends quietly when
/// the store closes.
package struct ResourceWatch: AsyncSequence, Sendable {
    package typealias Element = ResourceEvent

    let query: ResourceQuery
    let history: [ResourceEvent]
    let live: AsyncThrowingStream<ResourceEvent, any Error>

    package func makeAsyncIterator() -> Iterator {
        Iterator(query: query, history: history[...], live: live.makeAsyncIterator())
    }

    package struct Iterator: AsyncIteratorProtocol {
        let query: ResourceQuery
        var history: ArraySlice<ResourceEvent>
        var live: AsyncThrowingStream<ResourceEvent, any Error>.Iterator

        package mutating func next() async throws -> ResourceEvent? {
            while let event = history.popFirst() {
                if let seen = query.view(of: event) { return seen }
            }
            while let event = try await live.next(isolation: #isolation) {
                if let seen = query.view(of: event) { return seen }
            }
            return nil
        }
    }
}
