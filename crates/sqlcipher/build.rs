//! Builds SQLCipher with the few parts of libtomcrypt that it calls.

use std::env;

use cc::Build;

/// What SQLite is built with: the list of `rusqlite`'s own bundled build, and what SQLCipher needs.
const SQLITE: &[&str] = &[
    "SQLITE_CORE",
    "SQLITE_DEFAULT_FOREIGN_KEYS=1",
    "SQLITE_ENABLE_API_ARMOR",
    "SQLITE_ENABLE_COLUMN_METADATA",
    "SQLITE_ENABLE_DBSTAT_VTAB",
    "SQLITE_ENABLE_FTS3",
    "SQLITE_ENABLE_FTS3_PARENTHESIS",
    "SQLITE_ENABLE_FTS5",
    "SQLITE_ENABLE_JSON1",
    "SQLITE_ENABLE_LOAD_EXTENSION=1",
    "SQLITE_ENABLE_RTREE",
    "SQLITE_ENABLE_STAT4",
    "SQLITE_SOUNDEX",
    "SQLITE_THREADSAFE=1",
    "SQLITE_USE_URI",
    "HAVE_USLEEP=1",
    "HAVE_ISNAN",
    "HAVE_STDINT_H=1",
    "_POSIX_THREAD_SAFE_FUNCTIONS",
    "SQLITE_HAS_CODEC",
    "SQLITE_EXTRA_INIT=sqlcipher_extra_init",
    "SQLITE_EXTRA_SHUTDOWN=sqlcipher_extra_shutdown",
    "SQLCIPHER_CRYPTO_LIBTOMCRYPT",
    // What goes wrong is told by the error; nothing is written past the app's own log.
    "SQLCIPHER_OMIT_DEFAULT_LOGGING",
];

/// What libtomcrypt is built with: AES in CBC, HMAC and PBKDF2 over SHA-2, and Fortuna, seeded by the
/// system. A misuse is answered as an error (`ARGTYPE=4`) where the default would end the app.
const TOMCRYPT: &[&str] = &[
    "LTC_NOTHING",
    "LTC_NO_MATH",
    "LTC_NO_TEST",
    "LTC_NO_CURVES",
    "LTC_NO_HKDF",
    "LTC_RIJNDAEL",
    "LTC_CBC_MODE",
    "LTC_SHA1",
    "LTC_SHA256",
    "LTC_SHA512",
    "LTC_HMAC",
    "LTC_HASH_HELPERS",
    "LTC_FORTUNA",
    "LTC_RNG_GET_BYTES",
    "LTC_DEVRANDOM",
    "LTC_TRY_URANDOM_FIRST",
    "LTC_PKCS_5",
    "ARGTYPE=4",
];

/// The parts of libtomcrypt that are called, in its folder.
const PARTS: &[&str] = &[
    "ciphers/aes/aes.c",
    "hashes/helper/hash_memory.c",
    "hashes/sha1.c",
    "hashes/sha2/sha256.c",
    "hashes/sha2/sha512.c",
    "mac/hmac/hmac_done.c",
    "mac/hmac/hmac_init.c",
    "mac/hmac/hmac_memory.c",
    "mac/hmac/hmac_process.c",
    "misc/burn_stack.c",
    "misc/crypt/crypt_argchk.c",
    "misc/crypt/crypt_cipher_descriptor.c",
    "misc/crypt/crypt_cipher_is_valid.c",
    "misc/crypt/crypt_find_cipher.c",
    "misc/crypt/crypt_find_hash.c",
    "misc/crypt/crypt_hash_descriptor.c",
    "misc/crypt/crypt_hash_is_valid.c",
    "misc/crypt/crypt_prng_descriptor.c",
    "misc/crypt/crypt_register_cipher.c",
    "misc/crypt/crypt_register_hash.c",
    "misc/crypt/crypt_register_prng.c",
    "misc/error_to_string.c",
    "misc/mem_neq.c",
    "misc/pkcs5/pkcs_5_2.c",
    "misc/zeromem.c",
    "modes/cbc/cbc_decrypt.c",
    "modes/cbc/cbc_done.c",
    "modes/cbc/cbc_encrypt.c",
    "modes/cbc/cbc_start.c",
    "prngs/fortuna.c",
    "prngs/rng_get_bytes.c",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let Ok(out) = env::var("OUT_DIR") else {
        println!("cargo::error=cargo names no folder to build in");
        return;
    };
    let windows = env::var_os("CARGO_CFG_WINDOWS").is_some();
    let android = env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "android");
    let source = sqlcipher_src::source_dir();
    let headers = source.join(sqlcipher_src::LIBTOMCRYPT_INCLUDE_DIR);

    let mut ciphers = Build::new();
    ciphers.warnings(false).cargo_metadata(false).include(&headers).define("LTC_SOURCE", None);
    define(&mut ciphers, TOMCRYPT);
    for part in PARTS {
        ciphers.file(source.join("libtomcrypt").join(part));
    }

    let mut library = Build::new();
    library.warnings(false).cargo_metadata(false).include(source).include(&headers);
    define(&mut library, TOMCRYPT);
    define(&mut library, SQLITE);
    // Temporary tables stay in memory: they would be plain on the disk.
    library.define("SQLITE_TEMP_STORE", if android { "3" } else { "2" });
    if !windows {
        library.define("HAVE_LOCALTIME_R", None);
    }
    library.file(source.join(sqlcipher_src::SOURCE_FILE));
    library.objects(ciphers.compile_intermediates());
    library.compile("sqlcipher");

    println!("cargo::rustc-link-search=native={out}");
    if windows {
        println!("cargo::rustc-link-lib=advapi32");
    }
}

fn define(build: &mut Build, names: &[&str]) {
    for name in names {
        match name.split_once('=') {
            Some((name, value)) => build.define(name, value),
            None => build.define(name, None),
        };
    }
}
