//! An allocator that knows how much is in use, while it is asked to.
#![expect(unsafe_code, reason = "an allocator can be written in no other way; this one only adds and subtracts sizes")]
use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, AtomicIsize, Ordering},
};

/// The system's allocator, counting. Programs that weigh make it their global one.
pub struct Counting;

static ON: AtomicBool = AtomicBool::new(false);
static LIVE: AtomicIsize = AtomicIsize::new(0);

/// Counts from now on, or no longer: counting costs time.
pub(super) fn count(on: bool) {
    ON.store(on, Ordering::Relaxed);
}

/// The bytes in use that were asked for while counting.
pub(super) fn live() -> isize {
    LIVE.load(Ordering::Relaxed)
}

fn note(size: isize) {
    if ON.load(Ordering::Relaxed) {
        LIVE.fetch_add(size, Ordering::Relaxed);
    }
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        // SAFETY: what the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note(layout.size() as isize);
        // SAFETY: what the caller promised.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note(-(layout.size() as isize));
        // SAFETY: what the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size as isize - layout.size() as isize);
        // SAFETY: what the caller promised.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
