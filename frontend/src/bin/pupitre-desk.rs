//! Greffe: what a clerk sees and touches.

fn main() {
    pupitre_frontend::desk();
}
