//! The log of a test, in memory.

use core::cell::RefCell;
use defmt::Format;

thread_local! {
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

#[defmt::global_logger]
struct Logger;

// SAFETY: the log belongs to the thread.
#[expect(unsafe_code, reason = "the trait is unsafe")]
unsafe impl defmt::Logger for Logger {
    fn acquire() {}

    unsafe fn flush() {}

    unsafe fn release() {}

    unsafe fn write(bytes: &[u8]) {
        LOG.with_borrow_mut(|log| log.extend_from_slice(bytes));
    }
}

defmt::timestamp!("");

#[defmt::panic_handler]
fn panic() -> ! {
    panic!("defmt")
}

/// Returns the bytes that are written to the log for a value.
pub(crate) fn logged(value: &impl Format) -> Vec<u8> {
    LOG.take();
    defmt::println!("{}", value);
    LOG.take()
}

/// Checks that the log of a value contains these texts, and no secret.
#[track_caller]
pub(crate) fn shows(value: &impl Format, expected: &[&str]) {
    let log = logged(value);
    let has = |text: &str| log.windows(text.len()).any(|window| window == text.as_bytes());
    for text in expected {
        assert!(has(text), "{text} is not in the log: {}", String::from_utf8_lossy(&log));
    }
    assert!(!has("secret"), "{}", String::from_utf8_lossy(&log));
}
