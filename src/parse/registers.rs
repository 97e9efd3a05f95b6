//! The forms of ids in public registers of actors: Wikidata, ATT&CK, STIX.

/// True for an item id of Wikidata, such as `Q42`.
pub fn is_wikidata(id: &str) -> bool {
    let number = id.strip_prefix('Q').unwrap_or("");
    !number.starts_with('0') && is_digits(number)
}

/// True for ids of MITRE ATT&CK: groups, software, campaigns, techniques, tactics, mitigations and so on.
pub fn is_attack(id: &str) -> bool {
    let letters = id.bytes().take_while(u8::is_ascii_uppercase).count();
    let (kind, number) = id.split_at(letters);
    let (number, part) = number.split_once('.').unwrap_or((number, "001"));
    let is_numbered = number.len() == 4 && part.len() == 3 && is_digits(number) && is_digits(part);
    matches!(
        kind,
        "G" | "S" | "C" | "T" | "TA" | "M" | "DS" | "DC" | "DET" | "A"
    ) && is_numbered
}

/// True for an id of STIX 2.1 (section 2.9): an object type, two hyphens and a UUID.
pub fn is_stix(id: &str) -> bool {
    let Some((kind, uuid)) = id.split_once("--") else {
        return false;
    };
    let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
    let is_hex = uuid
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !kind.is_empty() && kind.bytes().all(is_word) && is_hex && groups == [8, 4, 4, 4, 12]
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
