//! The worker alone, for the tests of other crates, whose own executable is a test harness.

fn main() {
    pupitre_pdf::worker_main_if_asked();
}
