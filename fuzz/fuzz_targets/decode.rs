#![no_main]

// The law is slow, because it formats packets and decodes them in all ways. Checking one in sixteen inputs keeps the
// fuzzer fast.
libfuzzer_sys::fuzz_target!(|data: &[u8]| mqtt_fuzz::sampled_law("decode", data));
