//! Quorum with interested members, forecasts and proxies.

use jiff::Timestamp;
use pupitre_domain::CouncilKind;
use pupitre_domain::MemberId;
use pupitre_domain::law::proxy::{Proxy, ProxyContext, ProxyRefusal, Stay, may_give};
use pupitre_domain::law::quorum::Quorum;
use pupitre_domain::law::{Expected, Prospect, ballot, forecast};

fn member(n: u8) -> MemberId {
    MemberId::from_bytes([n; 16])
}

fn at(time: &str) -> Timestamp {
    format!("2026-09-28T{time}:00+02:00").parse().unwrap()
}

fn proxy(giver: u8, bearer: u8) -> Proxy {
    Proxy {
        giver: member(giver),
        bearer: member(bearer),
        given: at("08:00"),
        revoked: None,
        declined: None,
        illness_certified: false,
    }
}

/// What is known when somebody asks; nine members are in office.
struct Scene {
    kind: CouncilKind,
    absent: Vec<MemberId>,
    proxies: Vec<Proxy>,
    represented_in_a_row: u16,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            kind: CouncilKind::Commune,
            absent: Vec::new(),
            proxies: Vec::new(),
            represented_in_a_row: 0,
        }
    }
}

impl Scene {
    fn with(proxy: Proxy) -> Self {
        Self { proxies: vec![proxy], ..Self::default() }
    }

    fn ask(&self, giver: u8, bearer: u8, illness_certified: bool) -> Result<(), ProxyRefusal> {
        let in_office: Vec<MemberId> = (1..=9).map(member).collect();
        let context = ProxyContext {
            kind: self.kind,
            in_office: &in_office,
            absent: &self.absent,
            proxies: &self.proxies,
            represented_in_a_row: self.represented_in_a_row,
            at: at("12:00"),
        };
        may_give(member(giver), member(bearer), illness_certified, &context)
    }
}

#[test]
fn a_bearer_holds_one_proxy_at_most() {
    let refused = Scene::with(proxy(1, 2)).ask(3, 2, false);
    assert_eq!(refused, Err(ProxyRefusal::BearerHoldsOne { of: member(1) }));
    let revoked = Proxy { revoked: Some(at("11:00")), ..proxy(1, 2) };
    assert_eq!(Scene::with(revoked).ask(3, 2, false), Ok(()));
    let declined = Proxy { declined: Some(at("11:00")), ..proxy(1, 2) };
    assert_eq!(Scene::with(declined).ask(3, 2, false), Ok(()));
}

#[test]
fn each_refusal_names_its_reason() {
    let plain = Scene::default();
    let given = Scene::with(proxy(1, 2));
    let alone = Scene { absent: vec![member(2)], ..Scene::default() };
    for (scene, giver, bearer, refusal) in [
        (&plain, 1, 1, ProxyRefusal::Oneself),
        (&plain, 42, 1, ProxyRefusal::GiverNotInOffice),
        (&plain, 1, 42, ProxyRefusal::BearerNotInOffice),
        (&given, 1, 3, ProxyRefusal::AlreadyGiven { to: member(2) }),
        (&given, 3, 1, ProxyRefusal::BearerRepresented { by: member(2) }),
        (&given, 2, 3, ProxyRefusal::GiverHoldsOne { of: member(1) }),
        (&alone, 1, 2, ProxyRefusal::BearerAbsent),
    ] {
        assert_eq!(scene.ask(giver, bearer, false), Err(refusal));
    }
}

#[test]
fn the_fourth_sitting_in_a_row_is_refused_unless_illness_is_certified() {
    let after = |represented_in_a_row| Scene { represented_in_a_row, ..Scene::default() };
    assert_eq!(after(2).ask(1, 2, false), Ok(()));
    let refused = ProxyRefusal::TooManySittings { in_a_row: 3, allowed: 3 };
    assert_eq!(after(3).ask(1, 2, false), Err(refused));
    assert_eq!(after(3).ask(1, 2, true), Ok(()));
    // Départements and régions know no such limit.
    let department = Scene { kind: CouncilKind::Departement, ..after(7) };
    assert_eq!(department.ask(1, 2, false), Ok(()));
}

#[test]
fn a_revocation_counts_for_later_items() {
    let revoked = Proxy { revoked: Some(at("19:42")), ..proxy(1, 2) };
    let bearer = [Stay { from: at("18:30"), until: None }];
    assert!(revoked.votes(at("19:41"), &[], &bearer));
    assert!(!revoked.votes(at("19:42"), &[], &bearer));
}

#[test]
fn a_giver_who_arrives_takes_the_vote_back() {
    let given = proxy(1, 2);
    let bearer = [Stay { from: at("18:30"), until: Some(at("21:00")) }];
    let giver = [Stay { from: at("19:00"), until: Some(at("20:00")) }];
    let votes = |time| given.votes(at(time), &giver, &bearer);
    assert!(votes("18:45"), "while the giver is away");
    assert!(!votes("19:30"), "the giver votes in person");
    assert!(votes("20:30"), "the giver has left again");
    assert!(!votes("21:00"), "a bearer who leaves represents nobody");
}

#[test]
fn interested_members_count_on_neither_side() {
    // 29 in office, 15 present: 4 interested of whom 3 are there leave 12 of 25.
    let quorum = Quorum::new(29, 15).without(4, 3);
    assert_eq!((quorum.in_office, quorum.present, quorum.needed), (25, 12, 13));
    assert!(!quorum.reached());
}

#[test]
fn replies_let_the_quorum_be_foreseen() {
    let replies = |present, late, absent, represented, silent| {
        let times = |n, reply| std::iter::repeat_n(reply, n);
        forecast(
            times(present, Expected::Present)
                .chain(times(late, Expected::Late))
                .chain(times(absent, Expected::Absent))
                .chain(times(represented, Expected::Represented))
                .chain(times(silent, Expected::Silent)),
        )
    };
    assert_eq!(replies(15, 0, 14, 0, 0).prospect, Prospect::Secured);
    assert_eq!(replies(13, 2, 14, 0, 0).prospect, Prospect::AfterArrivals);
    assert_eq!(replies(10, 0, 4, 0, 15).prospect, Prospect::Open);
    // Proxies do not count: 14 present and 15 represented fail.
    assert_eq!(replies(14, 0, 0, 15, 0).prospect, Prospect::Failing);
    assert_eq!(replies(0, 0, 0, 0, 0).prospect, Prospect::Failing);
}

#[test]
fn closed_doors_are_asked_for_by_three_or_five() {
    assert_eq!(ballot::closed_doors(CouncilKind::Commune), Some(3));
    assert_eq!(ballot::closed_doors(CouncilKind::Epci), Some(5));
    assert_eq!(ballot::closed_doors(CouncilKind::Region), None);
}
