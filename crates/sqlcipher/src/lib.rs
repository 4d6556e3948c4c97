//! Nothing but C: SQLCipher, built from source, under the name that `rusqlite` links.
//!
//! `rusqlite` with its features `sqlcipher` and `modern_sqlite` asks the linker for `sqlcipher` and
//! expects a system to have it. The build script of this crate makes that library from the sources of
//! the crate `sqlcipher-src`, with libtomcrypt for its ciphers, so that nothing need be installed and
//! no OpenSSL is linked. Every crate that uses `rusqlite` names this one among its dependencies: that
//! is how the folder of the library reaches the linker. A database without a key is plain SQLite.
