//! A hash function with stable results.

/// 64-bit FNV-1a. Its result is equal on every machine and with every compiler, which the hashers
/// of the standard library do not guarantee, so it can be part of a file name. Not collision
/// resistant: never use it as a security boundary.
pub fn hash<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u64 {
    let bytes = bytes.into_iter();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
