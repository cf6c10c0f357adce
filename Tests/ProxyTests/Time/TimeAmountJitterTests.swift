// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Testing

@testable import Proxy

@Suite struct TimeAmountJitterTests {
    @Test(arguments: [(10, 0.5), (10, 1), (1, 0.1)])
    func `a time gets longer by a part of the share, and not each time by the same`(_ seconds: Int64, _ share: Double) {
        let time = TimeAmount.seconds(seconds)
        let times = (0..<100).map { _ in time.lengthened(by: share) }
        #expect(times.allSatisfy { $0 >= time && Double($0.nanoseconds) <= Double(time.nanoseconds) * (1 + share) + 1 })
        #expect(Set(times.map(\.nanoseconds)).count > 10)
    }

    @Test(arguments: [Int64.max, Int64.max / 2, 0, 1]) func `no time overflows`(_ nanoseconds: Int64) {
        #expect(TimeAmount.nanoseconds(nanoseconds).lengthened(by: 1) >= .nanoseconds(nanoseconds))
        #expect(TimeAmount.nanoseconds(nanoseconds).lengthened(by: 0) == .nanoseconds(nanoseconds))
    }
}
