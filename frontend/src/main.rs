//! What an official sees and touches.

fn main() {
    pupitre_frontend::tablet();
}
