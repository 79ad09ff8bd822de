#![no_main]

libfuzzer_sys::fuzz_target!(init: scorewright_fuzz::forgive_libraries(), |bytes: &[u8]| {
    scorewright_fuzz::parquet(bytes);
});
