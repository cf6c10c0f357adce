// SPDX-License-Identifier: Apache-2.0
import Hummingbird
import NIOCore

/// What a request knows about where it came from: the connection, whose end ends a watch.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }
}
