//! Replays the vectors of MQTT-SN on the device and ends the emulator with the outcome.

#![no_std]
#![no_main]

use core::panic::PanicInfo;
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{}", info);
    loop {
        debug::exit(EXIT_FAILURE);
    }
}

#[entry]
fn main() -> ! {
    let counts = sn_replay::replay(|id, why| hprintln!("{} {}", id, why));
    hprintln!("MQTT-SN: {} passed, {} failed", counts.passed, counts.failed);
    loop {
        debug::exit(if counts.are_good() { EXIT_SUCCESS } else { EXIT_FAILURE });
    }
}
