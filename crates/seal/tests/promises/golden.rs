//! Vectors that never change: computed by another program (Python: libsodium's XChaCha20-Poly1305, an
//! HPKE written from RFC 9180, OpenSSL's curves), so that they tell a mistake from a change.

use domain::Sha256;

use super::seal::words::{Asking, Language, of_device};
use super::seal::wrap::{Purpose, unwrap, wrap};
use super::seal::{EpochKey, RecoveryCode};
use super::{COUNCIL, beginning, device, header, member, secret, shared};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn digest(bytes: &[u8]) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref())
}

#[test]
fn a_sealed_payload() {
    let header = header(shared(1), 3);
    let sealed = EpochKey::from_bytes([1; 32]).seal(&header, b"Voter contre.", [2; 24]).unwrap();
    assert_eq!(sealed.len(), 297);
    assert_eq!(digest(&sealed), "7047f21e02e20e08a471fd5da385e780ae63718e1b3be6fcb05ccba007e12258");
}

#[test]
fn wraps() {
    let public = secret(10).public();
    assert_eq!(
        public.to_string(),
        "9c9a9f640519f975533cd62b1128ce7065db3368e6ded1c5a168627c38b1b162"
    );
    let epoch = Purpose::Epoch { council: COUNCIL, scope: shared(1), epoch: 2, device: device(10) };
    let wrapped = wrap(&[7; 32], &public, &epoch, [1; 32]).unwrap();
    assert_eq!(
        hex(&wrapped),
        "36f8a49b8bb83ddad5066cf2810909b88782889fe199bb0ddcbdf66c3f72433c\
         4a4a01bf95282588e5b4aa2fabee4cd7636615672feb01f1b957af9956a774f2d3dd1e7bd29792e810404db006b02f0f"
    );
    assert_eq!(*unwrap(&wrapped, &secret(10), &epoch).unwrap(), [7; 32]);
    let (identity, _) = beginning(1, &[10]);
    let purpose = Purpose::Identity {
        council: COUNCIL,
        member: member(1),
        identity: identity.public().unwrap(),
        device: device(10),
    };
    assert_eq!(
        hex(&wrap(identity.seed(), &public, &purpose, [2; 32]).unwrap()),
        "89f6537bb82bf1a712a352b32d9afd9a3bc389d64ee5e0b8373c65968a90c87e\
         fe280d155c911191b8c7de2d229f58bd7b22dbd88652e2f5e7453d128ddcb228f06b02d32287c2e9edc48a1e91f7a223"
    );
}

#[test]
fn a_list_of_devices() {
    let (identity, list) = beginning(1, &[10]);
    let named = "6d75e94607f1793b308576f856ed01f7250491d22e6fcd8aeeae0a9a1ce4dcd3";
    assert_eq!(list.digest(), named.parse::<Sha256>().unwrap());
    assert_eq!(
        digest(&identity.sign(list).unwrap().to_bytes()),
        "1f2b9fc1919bf93c17e356962057439c377372d451bfd644373bb67ebf10eeb1"
    );
}

#[test]
fn a_recovery_code() {
    let code = RecoveryCode::from_bytes(std::array::from_fn(|n| u8::try_from(n).unwrap()));
    assert_eq!(&*code.text(), "000G-40R4-0M30-E209-185G-R38E-1YCZ");
    assert_eq!(
        code.agreement(COUNCIL, member(1)).public().to_string(),
        "f20ae8c2d9475ab593d60bc9373c843522db716de92f72ff641d041368a67124"
    );
    let (identity, _) = beginning(1, &[10]);
    assert_eq!(
        hex(&code.mark(COUNCIL, member(1), &identity.public().unwrap())),
        "a1577ff25ebc78f0a9c77cf7f7b6c0c62ad8a120357db14f06b8788e9c7b8f94"
    );
}

#[test]
fn six_words() {
    let (identity, _) = beginning(1, &[10]);
    let signing = domain::PublicKey::from_bytes([10; 32]);
    let asking = Asking {
        council: COUNCIL,
        member: member(1),
        identity: &identity.public().unwrap(),
        device: device(10),
        signing: &signing,
        agreement: &secret(10).public(),
    };
    let french = of_device(&asking, Language::French).join(" ");
    assert_eq!(french, "orgueil superbe arpenter papier avoine unique");
    let english = of_device(&asking, Language::English).join(" ");
    assert_eq!(english, "puppy tonight balance rapid blame vicious");
}

#[test]
fn the_lists_of_words() {
    for (list, expected) in [
        (
            include_bytes!("../../words/fr.txt").as_slice(),
            "431c1d074225d2b7e82db857d7c3ea58051df546e7c8b74c1f6dcab36351fd56",
        ),
        (
            include_bytes!("../../words/en.txt").as_slice(),
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
        ),
    ] {
        assert_eq!(digest(list), expected);
        assert_eq!(String::from_utf8(list.to_vec()).unwrap().lines().count(), 2_048);
    }
}
