//! Tablets and a server under bad networks and crashes: nothing is lost, nothing is seen by others,
//! and everything arrives.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs,
    reason = "a test may stop at the first surprise"
)]

use pupitre_testkit::Scene;
use pupitre_testkit::scene::Weather;
use wire::Audience::{Council, Private};

#[test]
fn notes_reach_the_second_tablet_and_nobody_else() {
    let mut scene = Scene::new(1);
    let (sofa, desk, other) = (scene.tablet(0), scene.tablet(0), scene.tablet(1));
    scene.edit(sofa, Private);
    scene.edit(other, Council);
    scene.run_until_quiescent();
    assert_eq!((scene.seen(sofa), scene.seen(desk), scene.seen(other)), (2, 2, 1));
}

#[test]
fn a_note_is_on_the_other_tablet_within_seconds() {
    let mut scene = Scene::new(2);
    let (sofa, desk) = (scene.tablet(0), scene.tablet(0));
    scene.run_for(10_000);
    scene.edit(sofa, Private);
    scene.run_for(4_000);
    assert_eq!(scene.seen(desk), 1, "two seconds of gathering, a push, a poke, a pull");
}

#[test]
fn an_hour_in_the_chamber_without_network_is_sent_when_it_returns() {
    let mut scene = Scene::new(3);
    let (sofa, desk) = (scene.tablet(0), scene.tablet(0));
    scene.run_for(5_000);
    scene.cut(sofa, 3_600_000);
    for _ in 0..100 {
        scene.edit(sofa, Private);
        scene.run_for(36_000);
    }
    assert_eq!((scene.logged(), scene.seen(desk)), (0, 0));
    let tried = scene.exchanges(sofa);
    assert!(tried < 200, "{tried} exchanges without a network in an hour");
    let took = scene.run_until_quiescent();
    assert!(took < 100_000, "{took}");
    assert_eq!(scene.seen(desk), 100);
}

#[test]
fn a_tablet_with_nothing_to_say_polls_and_no_more() {
    let mut scene = Scene::new(4);
    let sofa = scene.tablet(0);
    scene.run_for(3_600_000);
    let exchanges = scene.exchanges(sofa);
    assert!((48..=90).contains(&exchanges), "{exchanges} in an hour");
}

#[test]
fn what_was_durable_when_the_tablet_was_killed_is_sent() {
    let mut scene = Scene::new(5);
    let (sofa, desk) = (scene.tablet(0), scene.tablet(0));
    scene.run_for(5_000);
    scene.edit_and_crash(sofa, Private);
    scene.run_until_quiescent();
    assert_eq!(scene.seen(desk), 1);
}

#[test]
fn a_server_killed_in_the_middle_of_pushes_keeps_what_it_acknowledged() {
    let mut scene = Scene::new(6);
    let tablets: Vec<_> = (0..4).map(|member| scene.tablet(member)).collect();
    for _ in 0..20 {
        for tablet in &tablets {
            scene.edit(*tablet, Council);
        }
        scene.run_for(2_005);
        scene.crash_server();
        scene.run_for(8_000);
    }
    scene.run_until_quiescent();
    assert_eq!((scene.logged(), scene.seen(tablets[0])), (80, 80));
}

#[test]
fn when_the_view_changes_the_log_is_read_anew() {
    let mut scene = Scene::new(7);
    let (sofa, desk) = (scene.tablet(0), scene.tablet(1));
    for _ in 0..30 {
        scene.edit(sofa, Council);
    }
    scene.run_until_quiescent();
    scene.change_view();
    scene.ask(desk);
    scene.run_for(3_000);
    scene.run_until_quiescent();
    assert_eq!(scene.seen(desk), 30);
}

/// A minute or two of everything that can go wrong, drawn from the seed.
fn play(seed: u64) {
    let mut scene = Scene::new(seed);
    let mut state = seed;
    let mut draw = |below: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let members = [0, 0, 1, 1, 2];
    let tablets: Vec<_> = members.iter().map(|member| scene.tablet(*member)).collect();
    for _ in 0..40 {
        let tablet = tablets[draw(tablets.len() as u64) as usize];
        match draw(20) {
            0..=7 => scene.edit(tablet, Private),
            8..=10 => scene.edit(tablet, Council),
            11 => scene.edit_and_crash(tablet, Private),
            12 => scene.crash(tablet),
            13 => scene.crash_server(),
            14 => scene.cut(tablet, draw(40_000)),
            15 => scene.weather(Weather::FOUL),
            16 => scene.weather(Weather::FAIR),
            17 => scene.weather(Weather { lost: 5, doubled: 50, slow_ms: 10_000 }),
            18 => scene.ask(tablet),
            _ => scene.change_view(),
        }
        scene.run_for(draw(5_000));
    }
    scene.run_until_quiescent();
}

#[test]
fn two_thousand_bad_evenings_lose_nothing_and_come_to_rest() {
    // Another range, or the one seed that a failure named: SCENE_SEED=n.
    let seeds = match std::env::var("SCENE_SEED") {
        Ok(seed) => {
            let seed: u64 = seed.parse().expect("SCENE_SEED is a number");
            seed..seed + 1
        }
        Err(_) => 0..2_000,
    };
    eprintln!("seeds {seeds:?}");
    for seed in seeds {
        play(seed);
    }
}
