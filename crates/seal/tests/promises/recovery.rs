//! The recovery code.

use proptest::prelude::*;

use super::seal::wrap::{Purpose, unwrap, wrap};
use super::seal::{RecoveryCode, RecoveryCodeError};
use super::{COUNCIL, beginning, device, member};

proptest! {
    #[test]
    fn a_code_is_read_however_it_was_typed(bytes in any::<[u8; 16]>()) {
        let code = RecoveryCode::from_bytes(bytes);
        let text = code.text();
        prop_assert_eq!(text.len(), 34);
        for typed in [
            text.to_string(),
            text.to_lowercase(),
            text.replace('-', " "),
            text.replace('-', ""),
            text.replace('0', "o").replace('1', "l"),
        ] {
            prop_assert_eq!(RecoveryCode::read(&typed), Ok(code.clone()), "{}", typed);
        }
    }

    #[test]
    fn no_bytes_typed_panic(typed in ".{0,60}") {
        RecoveryCode::read(&typed).ok();
    }
}

#[test]
fn a_digit_typed_wrong_is_found() {
    let text = RecoveryCode::from_bytes([0x5a; 16]).text();
    let mut found = 0;
    let places: Vec<usize> = (0..text.len()).filter(|at| !text[*at..].starts_with('-')).collect();
    for at in &places {
        let mut typed = text.to_string();
        let other = if typed[*at..].starts_with('7') { "8" } else { "7" };
        typed.replace_range(at..=at, other);
        found += u32::from(RecoveryCode::read(&typed) == Err(RecoveryCodeError::Check));
    }
    assert_eq!(found, 28);
    assert_eq!(RecoveryCode::read("ABCD"), Err(RecoveryCodeError::Length(4)));
    assert_eq!(RecoveryCode::read("ABCU"), Err(RecoveryCodeError::Digit('U')));
}

#[test]
fn a_code_opens_its_members_identity_and_no_other() {
    let (identity, _) = beginning(1, &[10]);
    let code = RecoveryCode::from_bytes([3; 16]);
    let public = identity.public().unwrap();
    let purpose = Purpose::Identity {
        council: COUNCIL,
        member: member(1),
        identity: public,
        device: device(0),
    };
    let to = code.agreement(COUNCIL, member(1));
    let wrapped = wrap(identity.seed(), &to.public(), &purpose, [1; 32]).unwrap();
    let opened = unwrap(&wrapped, &code.agreement(COUNCIL, member(1)), &purpose).unwrap();
    assert_eq!(&*opened, identity.seed());
    let wrong = RecoveryCode::from_bytes([4; 16]);
    for with in [wrong.agreement(COUNCIL, member(1)), code.agreement(COUNCIL, member(2))] {
        assert!(unwrap(&wrapped, &with, &purpose).is_err());
    }
    // A server can wrap an identity of its own to the code, and cannot make the mark.
    let mark = code.mark(COUNCIL, member(1), &public);
    let (made_up, _) = beginning(99, &[66]);
    assert_ne!(code.mark(COUNCIL, member(1), &made_up.public().unwrap()), mark);
    assert_ne!(wrong.mark(COUNCIL, member(1), &public), mark);
    assert_ne!(code.mark(COUNCIL, member(2), &public), mark);
}
