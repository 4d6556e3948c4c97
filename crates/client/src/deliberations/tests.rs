use super::*;

const HEAD: &str = "COLL_NOM,COLL_SIRET,DELIB_ID,DELIB_DATE,DELIB_MATIERE_CODE,DELIB_MATIERE_NOM,\
    DELIB_OBJET,BUDGET_ANNEE,BUDGET_NOM,PREF_ID,PREF_DATE,VOTE_EFFECTIF,VOTE_REEL,VOTE_POUR,\
    VOTE_CONTRE,VOTE_ABSTENTION,DELIB_URL";
const GOOD: &str = "Valbrune,21310001200017,2026-014,2026-09-28,7.10,Finances locales,Tarifs,2026,\
    Budget principal,PREF031,2026-10-02,29,27,25,2,0,https://valbrune.example/14";

fn told(reasons: &[Reason]) -> Vec<(usize, Reason)> {
    let told = reasons.iter().map(|reason| {
        let Reason::InFile { line, what, .. } = reason else { panic!("{reason:?}") };
        (*line, (**what).clone())
    });
    told.collect()
}

fn key(key: &str) -> Reason {
    Reason::MissingKey { key: key.to_owned() }
}

fn odd(key: &str, text: &str) -> Reason {
    Reason::NotAsWritten { key: key.to_owned(), text: text.to_owned() }
}

#[test]
fn a_file_that_keeps_to_the_schema_is_read_without_a_word() {
    let read = read("delib.csv", format!("{HEAD}\r\n{GOOD}\r\n").as_bytes());
    assert!(read.departures.is_empty() && read.mistakes.is_empty(), "{read:?}");
    assert_eq!(read.councils, [("Valbrune".to_owned(), "21310001200017".to_owned())]);
    let [one] = &read.deliberations[..] else { panic!("{read:?}") };
    assert_eq!((one.line, &*one.number, &*one.object), (2, "2026-014", "Tarifs"));
    assert_eq!(one.date, Some(jiff::civil::date(2026, 9, 28)));
    assert_eq!(
        (one.members, one.present, one.in_favour, one.against, one.abstained),
        (Some(29), Some(27), Some(25), Some(2), Some(0))
    );
    assert_eq!(one.matter_code.as_deref(), Some("7.10"));
}

#[test]
fn a_spreadsheets_dirt_is_read_and_every_departure_is_told_by_its_line() {
    // Another encoding, a byte order mark's place taken by a title, an added column, a line end within
    // a title, codes left out, French days, a number twice.
    let text = format!(
        "Délibérations 2026;;;;;;;;;;;;;;;;;\r\nN°;{}\r\n\
         1;Valbrune;21310001200017;2026-014;28/09/2026;;Finances;\"Tarifs\r\nde la cantine\";2026;;PREF031;;29;27;25;2;0;\r\n\
         2;Valbrune;2131000120001;2026-014;2026-09-28;7.11;Finances;Subvention;26;;31;;29;27;vingt;2;0;\r\n\
         3;Valbrune;21310001200017;2026-016;2026-09-28;9.1;Autres;Vœu;;;SPREF0311;;29;29;30;0;0;\r\n",
        HEAD.replace(',', ";")
    );
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    let read = read("delib.csv", &bytes);
    assert_eq!((&*read.encoding, read.delimiter), ("windows-1252", ';'));
    assert_eq!(read.ignored, ["N°"]);
    assert!(read.mistakes.is_empty(), "{:?}", read.mistakes);
    let objects: Vec<(u64, &str)> =
        read.deliberations.iter().map(|one| (one.line, &*one.object)).collect();
    assert_eq!(objects, [(3, "Tarifs de la cantine"), (5, "Subvention"), (6, "Vœu")]);
    assert_eq!(read.deliberations[0].date, Some(jiff::civil::date(2026, 9, 28)));
    assert_eq!(
        told(&read.departures),
        [
            (3, key("DELIB_MATIERE_CODE")),
            (3, odd("DELIB_DATE", "28/09/2026")),
            (5, odd("COLL_SIRET", "2131000120001")),
            (5, odd("DELIB_MATIERE_CODE", "7.11")),
            (5, odd("BUDGET_ANNEE", "26")),
            (5, odd("PREF_ID", "31")),
            (5, odd("VOTE_POUR", "vingt")),
            (5, Reason::SameNumber { text: "2026-014".to_owned(), number: 3 }),
            (6, Reason::TooManyVotes { number: 30, most: 29 }),
        ]
    );
}

#[test]
fn rows_that_cannot_be_read_are_mistakes_and_the_others_are_read() {
    let text =
        format!("{HEAD}\n{GOOD}\nValbrune,21310001200017,15\n{}\n", GOOD.replace("Tarifs", " "));
    let read = read("delib.csv", text.as_bytes());
    assert_eq!(read.deliberations.len(), 1);
    assert_eq!(
        told(&read.mistakes),
        [(3, Reason::Ragged { number: 3, most: 17 }), (4, key("DELIB_OBJET"))]
    );
}

#[test]
fn columns_that_are_missing_or_moved_are_told_once() {
    let read = read("delib.csv", b"DELIB_OBJET;delib_id;DELIB_DATE\nTarifs;1;2026-09-28\n");
    let lacking =
        ["COLL_NOM", "COLL_SIRET", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM"].map(|k| (1, key(k)));
    let mut expected = lacking.to_vec();
    expected.push((1, Reason::ColumnOrder));
    assert_eq!(told(&read.departures), expected);
    assert_eq!(read.deliberations.len(), 1);
}

#[test]
fn what_is_no_such_file_says_what_is_missing() {
    assert_eq!(told(&read("x", b"Nom;Prenom\nBaudry;In\n").mistakes), [(1, key("DELIB_OBJET"))]);
    assert_eq!(told(&read("x", format!("{HEAD}\n").as_bytes()).mistakes), [(0, Reason::NoRows)]);
    assert_eq!(told(&read("x", &[0; 64]).mistakes).len(), 1);
    assert_eq!(told(&read("x", b"").mistakes).len(), 1);
}

#[test]
fn the_forms_of_the_schema() {
    for (text, good) in [
        ("1.1", true),
        ("1.7", true),
        ("1.8", false),
        ("7.10", true),
        ("7.11", false),
        ("9.4", true),
        ("9.5", false),
        ("0.1", false),
        ("7.01", false),
        ("7", false),
        ("10.1", false),
        ("7.+1", false),
    ] {
        assert_eq!(is_matter(text), good, "{text}");
    }
    for (text, good) in [
        ("PREF042", true),
        ("PREF2A0", true),
        ("SPREF0421", true),
        ("SGAR084", true),
        ("PREF42", false),
        ("pref042", false),
        ("PREF0421", false),
    ] {
        assert_eq!(is_prefecture(text), good, "{text}");
    }
    for (text, good) in [("2026", true), ("2026/2027", true), ("26", false), ("2026-2027", false)] {
        assert_eq!(is_budget_year(text), good, "{text}");
    }
}

#[test]
fn an_agenda_takes_the_day_of_its_sitting_or_the_day_that_is_said() {
    let other = GOOD.replace("2026-09-28", "2026-10-12").replace("Tarifs", "Budget");
    let two = read("d.csv", format!("{HEAD}\n{GOOD}\n{other}\n").as_bytes());
    let (first, second) = (jiff::civil::date(2026, 9, 28), jiff::civil::date(2026, 10, 12));
    let titles = |on, day| {
        let items = items(&two, on, day)?;
        Ok::<_, Reason>(items.into_iter().map(|item| item.title).collect::<Vec<_>>())
    };
    assert_eq!(titles(None, first).unwrap(), ["Tarifs"]);
    assert_eq!(titles(Some(second), first).unwrap(), ["Budget"]);
    let elsewhere = titles(None, jiff::civil::date(2036, 1, 1)).unwrap_err();
    let days = "2026-09-28, 2026-10-12".to_owned();
    assert_eq!(told(&[elsewhere]), [(0, Reason::SeveralDays { days })]);
    // A file of one day is that agenda, whatever the day of the new sitting.
    let one = read("d.csv", format!("{HEAD}\n{GOOD}\n").as_bytes());
    let listed = items(&one, None, jiff::civil::date(2036, 1, 1)).unwrap();
    assert_eq!((listed.len(), &*listed[0].theme[0]), (1, "Finances locales"));
}

/// The file of a real council, where this machine has it.
#[test]
fn a_real_councils_file_is_read_to_its_last_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/tables/scdl");
    let Ok(read) = read_file(&folder.join("saint-etienne-metropole-2022.csv")) else {
        eprintln!("skipped: no test data");
        return;
    };
    assert!(read.mistakes.is_empty(), "{:?}", read.mistakes);
    assert_eq!(read.deliberations.len(), 80);
    assert!(read.deliberations.iter().all(|one| !one.object.contains('\n') && one.date.is_some()));
    let unsaid =
        told(&read.departures).into_iter().filter(|(_, what)| *what == key("DELIB_MATIERE_CODE"));
    assert_eq!(unsaid.count(), 80, "this council leaves every code out");
}
