//! A fingerprint of all inputs of a site.

use std::env;
use std::fs;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::Arc;

use rayon::prelude::*;

use crate::compile::Inputs;
use crate::text::SitePath;

/// Returns a string that changes if a file of the book, an option or the program changes, and is
/// equal on every machine. Empty if the program file cannot be read.
///
/// The date is left out, because no page depends on it.
pub fn fingerprint(inputs: &Inputs) -> String {
    let Some(program) = env::current_exe().and_then(fs::read).ok() else {
        return String::new();
    };
    let files: Vec<(&SitePath, &Arc<[u8]>)> = inputs.files.iter().collect();
    let files: Vec<u64> = files
        .into_par_iter()
        .map(|(path, bytes)| hash(&[path.as_str().as_bytes(), bytes]))
        .collect();
    let mut all = DefaultHasher::new();
    all.write_u64(hash(&[&program]));
    all.write(format!("{:?}", inputs.options).as_bytes());
    files.into_iter().for_each(|file| all.write_u64(file));
    format!("{:016x}", all.finish())
}

fn hash(parts: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in parts {
        hasher.write_usize(part.len());
        hasher.write(part);
    }
    hasher.finish()
}
