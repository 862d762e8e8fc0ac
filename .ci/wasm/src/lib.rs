//! Replays the vectors in a WebAssembly module, for `run.mjs`.

#![no_std]

use core::panic::PanicInfo;

/// Tells the host at once, as a trap.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[link(wasm_import_module = "env")]
unsafe extern "C" {
    /// The host shows two texts, each a place in the module's memory and a length: the vector that failed, and why.
    safe fn report(id: *const u8, id_len: usize, why: *const u8, why_len: usize);
}

/// How many passed, times 2^32, plus how many failed.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u64 {
    let counts = replay::replay(|id, why| report(id.as_ptr(), id.len(), why.as_ptr(), why.len()));
    u64::from(counts.passed) << 32 | u64::from(counts.failed)
}
