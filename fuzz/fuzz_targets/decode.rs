#![no_main]

// The law makes text of packets, decodes them in all ways, and is slow. One in sixteen inputs keeps the fuzzer quick.
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_fuzz::sampled_law("decode", data));
