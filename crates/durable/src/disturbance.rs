//! One change of the disk that fails, at which the process dies, or at which the power goes: how tests see what the next
//! run makes of it.

/// What becomes of one of the operations that change the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disturbance {
    /// Nothing; every operation is named.
    Named,
    /// The process dies before it.
    DieBefore(u64),
    /// The process dies when it is half done; before it where that cannot be.
    DieWithin(u64),
    /// The process dies after it.
    DieAfter(u64),
    /// It fails when it is half done: no space is left on the device.
    NoSpace(u64),
    /// It fails: the device cannot be read or written.
    DeviceError(u64),
    /// The power goes before it: what was written and not synced is gone, names are there.
    LoseData(u64),
    /// The power goes before it: names of folders that were not synced are as before, data are there.
    LoseNames(u64),
    /// The power goes before it, and both are lost.
    LoseBoth(u64),
}

impl Disturbance {
    /// Reads `named`, or a word and the number of an operation from 1: `die_before:37`.
    ///
    /// The number after the last one stands for the end of the process.
    pub fn from_text(text: &str) -> Option<Self> {
        if text == "named" {
            return Some(Self::Named);
        }
        let (word, number) = text.split_once(':')?;
        let number = number.parse().ok()?;
        Some(match word {
            "die_before" => Self::DieBefore(number),
            "die_within" => Self::DieWithin(number),
            "die_after" => Self::DieAfter(number),
            "no_space" => Self::NoSpace(number),
            "device_error" => Self::DeviceError(number),
            "lose_data" => Self::LoseData(number),
            "lose_names" => Self::LoseNames(number),
            "lose_both" => Self::LoseBoth(number),
            _ => return None,
        })
    }
}
