//! Replays the vectors in a WebAssembly module, for `run.mjs`.

#![no_std]

use core::panic::PanicInfo;

/// Traps, which the host reports at once.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// Prints a vector that failed, and why. Each text is a position in the module's memory and a length.
    safe fn report(id: *const u8, id_len: usize, why: *const u8, why_len: usize);
}

/// Returns the number of vectors that passed, times 2^32, plus the number that failed.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u64 {
    let counts = replay::replay(|id, why| report(id.as_ptr(), id.len(), why.as_ptr(), why.len()));
    u64::from(counts.passed) << 32 | u64::from(counts.failed)
}
