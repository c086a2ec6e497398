//! The buffer of a thread, used by one reader after another: fresh memory is cleared by the system.

use std::cell::RefCell;

/// A larger one is given back.
const MOST_BYTES: usize = 16 << 20;

thread_local! {
    static SPARE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Return the buffer of this thread, or an empty one where another reader has it.
pub fn take() -> Vec<u8> {
    SPARE.take()
}

/// Keep a buffer for the next reader of this thread, unless a larger one is kept.
pub fn keep(buffer: Vec<u8>) {
    if buffer.len() > MOST_BYTES {
        return;
    }
    // Where the thread is ending, nothing is kept.
    let _ = SPARE.try_with(|spare| {
        let mut spare = spare.borrow_mut();
        if spare.len() < buffer.len() {
            *spare = buffer;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{MOST_BYTES, keep, take};

    #[test]
    fn the_largest_is_used_again_and_none_is_too_large() {
        keep(vec![1; 10]);
        keep(vec![2; 5]);
        keep(vec![3; MOST_BYTES + 1]);
        assert_eq!(take(), [1; 10]);
        assert!(take().is_empty());
    }
}
