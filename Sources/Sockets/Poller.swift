// SPDX-License-Identifier: Apache-2.0
import CPoll
import Glibc
import NIOCore

/// What epoll tells of one descriptor.
struct Readiness: OptionSet {
    let rawValue: UInt32

    static let readable = Readiness(rawValue: EPOLLIN.rawValue)
    static let writable = Readiness(rawValue: EPOLLOUT.rawValue)
    /// The peer sends no more.
    static let inputEnded = Readiness(rawValue: EPOLLRDHUP.rawValue)
    /// Both sides have said all.
    static let ended = Readiness(rawValue: EPOLLHUP.rawValue)
    /// Reset.
    static let failed = Readiness(rawValue: EPOLLERR.rawValue)
}

protocol Polled: AnyObject {
    func ready(_ readiness: Readiness)
    /// The loop ends.
    func loopEnds()
}

/// The descriptors that one loop waits for, by epoll(7).
///
/// A descriptor is registered once, for everything and edge-triggered, so that reading and writing need no further system call:
/// whoever is told keeps in mind what was not used up. Belongs to the loop's thread, but for `wake`.
struct Poller: ~Copyable {
    /// Names a registration; one that is over cannot be taken for the next in its place.
    struct Token: Equatable {
        fileprivate var index: UInt32
        fileprivate var generation: UInt32
    }

    private struct Slot {
        var target: (any Polled)?
        var generation: UInt32 = 0
        var nextFree: UInt32 = .max
    }

    private static let capacity = 256
    /// Of the descriptor that others wake the loop by.
    private static let wakeIndex = UInt32.max

    private let queue: CInt
    private let wakeDescriptor: CInt
    private let events: UnsafeMutablePointer<epoll_event>
    private var slots: ContiguousArray<Slot> = []
    private var free = UInt32.max

    /// - Throws: `IOError` where the process has no descriptors left.
    init() throws {
        let queue = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard queue >= 0 else { throw IOError(errnoCode: errno, reason: "epoll_create1") }
        let wakeDescriptor = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLET.rawValue
        event.data.u64 = UInt64(Self.wakeIndex)
        guard wakeDescriptor >= 0, epoll_ctl(queue, EPOLL_CTL_ADD, wakeDescriptor, &event) == 0 else {
            let code = errno
            Glibc.close(queue)
            if wakeDescriptor >= 0 { Glibc.close(wakeDescriptor) }
            throw IOError(errnoCode: code, reason: "eventfd")
        }
        self.queue = queue
        self.wakeDescriptor = wakeDescriptor
        self.events = .allocate(capacity: Self.capacity)
        self.events.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit {
        Glibc.close(self.queue)
        Glibc.close(self.wakeDescriptor)
        self.events.deallocate()
    }

    // MARK: Registering

    /// - Parameter isEdge: Whether `target` is told only of changes.
    mutating func add(_ descriptor: CInt, _ target: any Polled, isEdge: Bool = true) throws -> Token {
        let index: UInt32
        if self.free != .max {
            index = self.free
            self.free = self.slots[Int(index)].nextFree
        } else {
            index = UInt32(truncatingIfNeeded: self.slots.count)
            self.slots.append(Slot())
        }
        self.slots[Int(index)].target = target
        let token = Token(index: index, generation: self.slots[Int(index)].generation)
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue
        if isEdge { event.events |= EPOLLOUT.rawValue | EPOLLET.rawValue }
        event.data.u64 = UInt64(token.generation) << 32 | UInt64(index)
        guard epoll_ctl(self.queue, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            let code = errno
            self.release(token)
            throw IOError(errnoCode: code, reason: "epoll_ctl")
        }
        return token
    }

    /// Before the descriptor is closed, or kept open unwatched.
    mutating func remove(_ descriptor: CInt, _ token: Token) {
        epoll_ctl(self.queue, EPOLL_CTL_DEL, descriptor, nil)
        self.release(token)
    }

    /// The descriptor is about to be closed, which takes it out of epoll's set.
    mutating func release(_ token: Token) {
        guard self.slots[Int(token.index)].generation == token.generation else { return }
        self.slots[Int(token.index)].target = nil
        self.slots[Int(token.index)].generation &+= 1
        self.slots[Int(token.index)].nextFree = self.free
        self.free = token.index
    }

    var targets: [any Polled] { self.slots.compactMap { $0.target } }

    // MARK: Waiting

    /// Waits for something to happen and says how many events there are.
    ///
    /// - Parameter milliseconds: At most; -1 for ever.
    func wait(milliseconds: CInt) -> Int {
        let count = epoll_wait(self.queue, self.events, CInt(Self.capacity), milliseconds)
        return max(Int(count), 0)
    }

    /// Whom event `index` of the last `wait` is for; nil if that has gone since, or if it only ended the wait.
    func event(_ index: Int) -> (target: any Polled, readiness: Readiness)? {
        let event = self.events[index]
        let slot = UInt32(truncatingIfNeeded: event.data.u64)
        guard slot != Self.wakeIndex, Int(slot) < self.slots.count,
            self.slots[Int(slot)].generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32),
            let target = self.slots[Int(slot)].target
        else { return nil }
        return (target, Readiness(rawValue: event.events))
    }

    /// Ends a wait, or the next one. What `wake` is to be called with, from any thread.
    var waker: Waker { Waker(descriptor: self.wakeDescriptor) }

    struct Waker: Sendable {
        fileprivate let descriptor: CInt

        /// Edge-triggered: the count that builds up need never be read.
        func wake() {
            var one: UInt64 = 1
            if Glibc.write(self.descriptor, &one, 8) < 0, errno == EAGAIN {
                // After 2^64 - 2 of them.
                Glibc.read(self.descriptor, &one, 8)
            }
        }
    }
}
