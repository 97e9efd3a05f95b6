//! A number that stands for bytes.

/// FNV-1a in 64 bits: the same on every machine and with every compiler, which the hashers at hand
/// do not promise, so that it may be part of a name. Nobody is kept out by it, so that it need not
/// withstand anybody.
pub fn hash<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u64 {
    let bytes = bytes.into_iter();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
