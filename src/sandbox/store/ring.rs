//! The latest events, bounded in number and in bytes; what falls out of it is expired for watches.

use std::collections::VecDeque;

use super::{Event, Expired};

const MAX_EVENTS: usize = 8192;
/// Bytes of JSON held by events; the newest state of an object is shared with the store and counts all the same.
const MAX_BYTES: usize = 8 << 20;
/// What is always kept, however large: a few writes of the largest objects must not expire every watch.
const MIN_EVENTS: usize = 64;

pub(super) struct Ring {
    events: VecDeque<Event>,
    bytes: usize,
    /// Everything after this revision is in the ring.
    oldest: u64,
}

impl Ring {
    pub(super) fn starting_after(revision: u64) -> Self {
        Self { events: VecDeque::new(), bytes: 0, oldest: revision }
    }

    pub(super) fn push(&mut self, event: Event) {
        self.bytes += event.object.json.len();
        self.events.push_back(event);
        while self.events.len() > MAX_EVENTS || (self.bytes > MAX_BYTES && self.events.len() > MIN_EVENTS) {
            if let Some(dropped) = self.events.pop_front() {
                self.bytes -= dropped.object.json.len();
                self.oldest = dropped.revision;
            }
        }
    }

    /// The events after `revision`, oldest first.
    pub(super) fn since(&self, revision: u64) -> Result<impl DoubleEndedIterator<Item = &Event>, Expired> {
        if revision < self.oldest {
            return Err(Expired { asked: revision, oldest: self.oldest });
        }
        let first = self.events.partition_point(|event| event.revision <= revision);
        Ok(self.events.range(first..))
    }
}
