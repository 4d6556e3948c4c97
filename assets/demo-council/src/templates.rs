//! The Typst templates, built into the binary. A paper's template has the name of its PDF.

/// Path of the template that lays scanned pictures on pages.
pub(crate) const SCAN: &str = "/lib/scan.typ";

macro_rules! papers {
    ($($path:literal),* $(,)?) => {
        /// Every template: its path as other templates import it, and its text.
        pub(crate) const TEMPLATES: &[(&str, &str)] =
            &[$((concat!("/", $path), include_str!(concat!("../papers/", $path)))),*];
    };
}

papers![
    "commission-finances/00-convocation.typ",
    "commission-finances/01-tableau-des-echeances.typ",
    "commission-finances/02-execution-budgetaire.typ",
    "lib/blason.typ",
    "lib/contrat.typ",
    "lib/convocation.typ",
    "lib/debats.typ",
    "lib/lettre.typ",
    "lib/maquette-textes.typ",
    "lib/maquette.typ",
    "lib/plan.typ",
    "lib/scan.typ",
    "lib/valbrune.typ",
    "seance-passee/00-convocation.typ",
    "seance-passee/01-orientations-budgetaires.typ",
    "seance-passee/02-subventions-sportives.typ",
    "seance-passee/02-tableau-des-subventions.typ",
    "seance-passee/03-denomination-de-voie.typ",
    "seance-passee/04-accueils-de-loisirs.typ",
    "seance-passee/05-groupement-electricite.typ",
    "seance-passee/06-voeu-tresorerie.typ",
    "seance-prochaine/00-convocation.typ",
    "seance-prochaine/01-proces-verbal.typ",
    "seance-prochaine/01-rapport-proces-verbal.typ",
    "seance-prochaine/02-autorisations-de-programme.typ",
    "seance-prochaine/02-maquette-budgetaire.typ",
    "seance-prochaine/02-rapport-decision-modificative.typ",
    "seance-prochaine/03-convention-de-garantie.typ",
    "seance-prochaine/03-lettre-habitat-du-val.typ",
    "seance-prochaine/03-rapport-garantie-emprunt.typ",
    "seance-prochaine/04-convention-mots-passants.typ",
    "seance-prochaine/04-rapport-mots-passants.typ",
    "seance-prochaine/05-notice-plu.typ",
    "seance-prochaine/05-plan-de-zonage.typ",
    "seance-prochaine/05-rapport-plu.typ",
    "seance-prochaine/06-rapport-protection-fonctionnelle.typ",
    "seance-prochaine/07-grille-tarifaire.typ",
    "seance-prochaine/07-rapport-restauration-scolaire.typ",
    "seance-prochaine/08-analyse-des-offres.typ",
    "seance-prochaine/08-rapport-gymnase.typ",
    "seance-prochaine/09-rapport-effectifs.typ",
    "seance-prochaine/09-tableau-des-effectifs.typ",
    "seance-prochaine/10-avis-evaluation.typ",
    "seance-prochaine/10-rapport-acquisition.typ",
    "seance-prochaine/11-rapport-annuel-eau.typ",
    "seance-prochaine/11-rapport-eau.typ",
    "seance-prochaine/12-decisions-par-delegation.typ",
];
