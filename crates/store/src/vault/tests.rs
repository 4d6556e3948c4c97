//! What a vault promises.

use client::ports::{Lock as _, StoreErrorKind};

use super::*;

#[test]
fn a_vault_opens_again_with_the_same_keys_and_each_purpose_has_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let first = Vault::open(folder.path()).unwrap();
    let again = Vault::open(folder.path()).unwrap();
    assert_eq!(
        first.database_key(Purpose::Store).unwrap(),
        again.database_key(Purpose::Store).unwrap()
    );
    assert_ne!(first.key(Purpose::Store).unwrap(), first.key(Purpose::Keys).unwrap());
    let other = tempfile::tempdir().unwrap();
    let other = Vault::open(other.path()).unwrap();
    assert_ne!(
        first.database_key(Purpose::Store).unwrap(),
        other.database_key(Purpose::Store).unwrap()
    );
    assert_eq!(format!("{first:?}"), "Vault");
}

#[cfg(unix)]
#[test]
fn only_their_owner_can_read_the_vault_and_its_key() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    Vault::open(folder.path()).unwrap();
    for name in ["vault.json", "vault.key"] {
        let about = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(about.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_vault_that_is_not_one_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    Vault::open(folder.path()).unwrap();
    let path = folder.path().join("vault.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    let digits = whole.rfind(|c: char| c.is_ascii_hexdigit()).unwrap();
    let mut turned = whole.clone();
    let other = if whole[digits..].starts_with('0') { "1" } else { "0" };
    turned.replace_range(digits..=digits, other);
    let hostile = [
        turned,
        whole[..whole.len() / 2].to_owned(),
        String::new(),
        "[]".to_owned(),
        whole.replace("\"nonce\": \"", "\"nonce\": \"00"),
        whole.replace("\"nonce\": \"", "\"nonce\": \"é"),
        whole.replacen('{', "{\"other\": null,", 1),
        "9".repeat(100_000),
    ];
    for hostile in hostile {
        std::fs::write(&path, &hostile).unwrap();
        let error = Vault::open(folder.path()).unwrap_err();
        assert_eq!(error.kind, StoreErrorKind::Corrupt, "{hostile:.80}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), hostile);
    }
    std::fs::write(&path, whole.replace("\"version\": 1", "\"version\": 2")).unwrap();
    assert_eq!(Vault::open(folder.path()).unwrap_err().kind, StoreErrorKind::TooNew);
    std::fs::write(&path, whole).unwrap();
    Vault::open(folder.path()).unwrap();
}

#[test]
fn a_vault_without_its_key_or_with_anothers_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    Vault::open(folder.path()).unwrap();
    for key in [vec![7; KEY], vec![7; KEY - 1]] {
        std::fs::write(folder.path().join("vault.key"), key).unwrap();
        assert_eq!(Vault::open(folder.path()).unwrap_err().kind, StoreErrorKind::Corrupt);
    }
    std::fs::remove_file(folder.path().join("vault.key")).unwrap();
    assert_eq!(Vault::open(folder.path()).unwrap_err().kind, StoreErrorKind::Corrupt);
}

#[test]
fn a_store_whose_vault_is_gone_gets_no_new_one() {
    let folder = tempfile::tempdir().unwrap();
    drop(crate::SqliteStore::open(folder.path()).unwrap());
    std::fs::remove_file(folder.path().join("vault.json")).unwrap();
    let error = crate::SqliteStore::open(folder.path()).unwrap_err();
    assert_eq!(error.kind, StoreErrorKind::Corrupt);
    assert!(!folder.path().join("vault.json").exists());
}

#[test]
fn a_sealed_file_opens_under_its_own_name_only() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open(folder.path()).unwrap();
    let sealed = vault.seal_file("device.key", b"secret").unwrap();
    let (opened, was) = vault.unseal_file("device.key", sealed.clone()).unwrap();
    assert_eq!((opened.as_slice(), was), (b"secret".as_slice(), true));
    assert!(vault.unseal_file("papers.key", sealed.clone()).is_err());
    assert!(vault.unseal_file("device.key", sealed[..SEALED.len() + 5].to_vec()).is_err());
    let mut turned = sealed;
    *turned.last_mut().unwrap() ^= 1;
    assert!(vault.unseal_file("device.key", turned).is_err());
    let (plain, was) = vault.unseal_file("device.key", b"old".to_vec()).unwrap();
    assert_eq!((plain.as_slice(), was), (b"old".as_slice(), false));
}

fn now(ms: u64) -> BootTime {
    BootTime { boot: "first".to_owned(), ms }
}

fn pin(word: &str) -> Secret {
    Secret::new(word)
}

#[test]
fn a_pin_locks_everything_and_opens_it_again_with_the_same_keys() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open(folder.path()).unwrap();
    let key = vault.key(Purpose::Store).unwrap();
    drop(crate::SqliteStore::open(folder.path()).unwrap());
    vault.lock().unwrap();
    assert!(!vault.standing(&now(0)).unwrap().locked, "nothing to open it with again");

    vault.set_pin(Some(&pin("482915"))).unwrap();
    assert_eq!(vault.key(Purpose::Store).unwrap(), key);
    vault.lock().unwrap();
    assert_eq!(vault.key(Purpose::Store).unwrap_err().kind, StoreErrorKind::Locked);
    let again = Vault::open(folder.path()).unwrap();
    let standing = again.standing(&now(0)).unwrap();
    assert_eq!((standing.pin, standing.locked, standing.wrong), (true, true, 0));
    let refused = crate::SqliteStore::open(folder.path()).unwrap_err();
    assert_eq!(refused.kind, StoreErrorKind::Locked);
    assert_eq!(again.set_pin(None).unwrap_err().kind, StoreErrorKind::Locked);
    assert!(matches!(again.unlock(&pin("482916"), &now(0)), Err(LockError::Wrong)));
    assert_eq!(again.standing(&now(0)).unwrap().wrong, 1);
    again.unlock(&pin("482915"), &now(0)).unwrap();
    assert_eq!(again.standing(&now(0)).unwrap().wrong, 0);
    assert_eq!(again.key(Purpose::Store).unwrap(), key);
    drop(crate::SqliteStore::open_with(folder.path(), &again).unwrap());

    again.set_pin(Some(&pin("un autre code"))).unwrap();
    let third = Vault::open(folder.path()).unwrap();
    assert!(matches!(third.unlock(&pin("482915"), &now(0)), Err(LockError::Wrong)));
    third.unlock(&pin("un autre code"), &now(0)).unwrap();
    third.set_pin(None).unwrap();
    assert_eq!(Vault::open(folder.path()).unwrap().key(Purpose::Store).unwrap(), key);
}

#[test]
fn wrong_pins_are_counted_through_a_restart_and_the_right_one_waits_with_them() {
    let folder = tempfile::tempdir().unwrap();
    Vault::open(folder.path()).unwrap().set_pin(Some(&pin("482915"))).unwrap();
    for tried in 0..5 {
        let vault = Vault::open(folder.path()).unwrap();
        assert_eq!(vault.standing(&now(1_000)).unwrap().wrong, tried);
        assert!(matches!(vault.unlock(&pin("000000"), &now(1_000)), Err(LockError::Wrong)));
    }
    let vault = Vault::open(folder.path()).unwrap();
    let before = std::fs::read(folder.path().join("vault.json")).unwrap();
    for early in [1_000, 30_999] {
        let refused = vault.unlock(&pin("482915"), &now(early));
        assert!(
            matches!(refused, Err(LockError::TooSoon { wait_ms }) if wait_ms == 31_000 - early)
        );
    }
    assert_eq!(std::fs::read(folder.path().join("vault.json")).unwrap(), before);
    vault.unlock(&pin("482915"), &now(31_000)).unwrap();
    assert_eq!(vault.standing(&now(31_000)).unwrap().wait_ms, 0);
}

#[test]
fn a_pin_can_neither_be_taken_out_of_the_file_nor_made_cheap_nor_dear() {
    let folder = tempfile::tempdir().unwrap();
    Vault::open(folder.path()).unwrap().set_pin(Some(&pin("482915"))).unwrap();
    let path = folder.path().join("vault.json");
    let whole = std::fs::read_to_string(&path).unwrap();
    let (_, after) = whole.split_once("\"pin\"").unwrap();
    let (inner, _) = after.split_once('}').unwrap();
    let without = whole.replace(&format!("\"pin\"{inner}}}"), "\"pin\": null");
    for hostile in [
        without,
        whole.replace("65536", "8"),
        whole.replace("65536", "4294967295"),
        whole.replace("\"passes\": 3", "\"passes\": 4000000"),
        whole.replace("\"lanes\": 4", "\"lanes\": 0"),
        whole.replace("\"wrong\": 0", "\"wrong\": -1"),
    ] {
        assert_ne!(hostile, whole);
        std::fs::write(&path, &hostile).unwrap();
        assert_eq!(Vault::open(folder.path()).unwrap_err().kind, StoreErrorKind::Corrupt);
    }
    // Fewer passes are within bounds, and are not what it was wrapped with.
    std::fs::write(&path, whole.replace("\"passes\": 3", "\"passes\": 2")).unwrap();
    let cheaper = Vault::open(folder.path()).unwrap();
    assert!(matches!(cheaper.unlock(&pin("482915"), &now(0)), Err(LockError::Wrong)));
}
