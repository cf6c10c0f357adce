// SPDX-License-Identifier: Apache-2.0

/// The HTTP metrics of one event loop, by series. A series that was recorded lately is found without hashing.
struct RequestSeries {
    private struct Recent {
        var key: RequestMetricKey
        var index: Int
    }

    /// A power of two.
    private static let recentCount = 64

    private var indexes: [RequestMetricKey: Int] = [:]
    private var keys: [RequestMetricKey] = []
    private var values: [RequestMetricValue] = []
    private var recent = [Recent?](repeating: nil, count: Self.recentCount)

    mutating func record(_ key: RequestMetricKey, milliseconds: Double, requestBytes: Double, responseBytes: Double) {
        let place = Int(key.place) & (Self.recentCount - 1)
        let index: Int
        if let known = self.recent[place], known.key == key {
            index = known.index
        } else {
            index = self.index(of: key)
            self.recent[place] = Recent(key: key, index: index)
        }
        self.values[index].record(milliseconds: milliseconds, requestBytes: requestBytes, responseBytes: responseBytes)
    }

    var all: [(key: RequestMetricKey, value: RequestMetricValue)] { zip(self.keys, self.values).map { ($0, $1) } }

    private mutating func index(of key: RequestMetricKey) -> Int {
        if let known = self.indexes[key] { return known }
        let index = self.keys.count
        self.keys.append(key)
        self.values.append(RequestMetricValue())
        self.indexes[key] = index
        return index
    }
}
