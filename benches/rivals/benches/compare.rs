//! Measures all engines in turns, side by side. See ../../README.md.

use mqtt_benches::allocations::CountingAllocator;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: CountingAllocator = CountingAllocator;

fn main() -> ExitCode {
    mqtt_benches::compare::main(mqtt_rivals::all(), &mqtt_rivals::versions())
}
