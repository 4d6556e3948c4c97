//! A member's calendar under its private address.

use domain::{
    Act, AgendaLine, Convocation, ItemId, Member, MemberId, Recipient, Record, Role, SittingState,
    Timestamp,
};
use pupitre_server::limits::Rate;
use reqwest::Response;
use testkit::convening;
use wire::{CalendarAddress, CalendarRequest, ProblemCode};

use crate::scene::{NOW, Scene, Tablet, person, refused, sitting};

impl Scene {
    async fn address(&self, tablet: &Tablet, renew: bool) -> String {
        let request = CalendarRequest { renew };
        let answer: CalendarAddress =
            self.post("/v1/calendar", Some(&tablet.token), &request).await.unwrap();
        answer.path
    }

    async fn reads(&self, path: &str) -> Response {
        self.http.get(format!("{}{path}", self.url)).send().await.unwrap()
    }
}

/// Convenes these members, as the n-th convocation of the sitting of this seed.
async fn convene(
    clerk: &mut Tablet,
    scene: &Scene,
    (seed, number): (u8, u32),
    to: &[MemberId],
    change: impl FnOnce(&mut Convocation),
) {
    let Record::Sitting(known) = sitting(seed, SittingState::Convened) else { panic!() };
    let published = clerk.record(u64::from(number) - 1, &Record::Sitting(known.clone()));
    let recipient = |member: &MemberId| Recipient {
        member: *member,
        name: "Inès Baudry".to_owned(),
        channels: Vec::new(),
        email: None,
        phone: None,
    };
    let drawn = convening::convocation(&known, number, published.hash(), clerk.member);
    let mut convocation = Convocation {
        made: Timestamp::from_millisecond(NOW).unwrap(),
        agenda: vec![AgendaLine {
            item: ItemId::from_bytes([1; 16]),
            title: "Affaire à huis clos".to_owned(),
            deliberative: true,
            closed_doors: true,
        }],
        recipients: to.iter().map(recipient).collect(),
        ..drawn
    };
    change(&mut convocation);
    let convened = clerk.record(0, &Record::Convocation(Box::new(convocation)));
    let answered = clerk.sync(scene, vec![published, convened]).await.unwrap();
    assert!(
        answered.acks.iter().all(|ack| matches!(ack.outcome, wire::Outcome::Accepted { .. })),
        "{:?}",
        answered.acks
    );
}

#[tokio::test]
async fn a_calendar_follows_what_its_member_is_convened_to() {
    let scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let ines = scene.member(&mut clerk, 10, Role::Official).await;
    let paul = scene.member(&mut clerk, 11, Role::Official).await;
    let path = scene.address(&ines, false).await;
    assert!(path.starts_with("/calendar/") && path.ends_with(".ics") && path.len() == 46, "{path}");
    assert_eq!(scene.address(&ines, false).await, path, "the same at each asking");
    let of_paul = scene.address(&paul, false).await;

    let empty = scene.reads(&path).await;
    assert_eq!(empty.status(), 200);
    assert_eq!(empty.headers()["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(empty.headers()["cache-control"], "private, max-age=900");
    let first = empty.headers()["etag"].clone();
    assert!(!empty.text().await.unwrap().contains("VEVENT"));

    convene(&mut clerk, &scene, (40, 1), &[ines.member, paul.member], |_| {}).await;
    convene(&mut clerk, &scene, (41, 1), &[paul.member], |_| {}).await;
    let response = scene.reads(&path).await;
    let tag = response.headers()["etag"].clone();
    assert_ne!(tag, first);
    let text = response.text().await.unwrap();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
    for line in [
        "UID:28282828-2828-2828-2828-282828282828@pupitre\r\n",
        "SEQUENCE:0\r\n",
        "STATUS:CONFIRMED\r\n",
        "DTSTART;TZID=Europe/Paris:20261210T183000\r\n",
        "X-WR-CALNAME:Valbrune\r\n",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
    assert!(!text.contains("huis clos"), "no agenda leaves by an address: {text}");
    let known = scene.http.get(format!("{}{path}", scene.url)).header("if-none-match", tag);
    assert_eq!(known.send().await.unwrap().status(), 304);

    // Postponed, then called off: the same event, counted on.
    convene(&mut clerk, &scene, (40, 2), &[ines.member, paul.member], |convocation| {
        convocation.starts = "2026-12-17T18:00:00Z".parse().unwrap();
    })
    .await;
    let text = scene.reads(&path).await.text().await.unwrap();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    assert!(text.contains("SEQUENCE:1\r\n") && text.contains("Paris:20261217T190000"), "{text}");
    convene(&mut clerk, &scene, (40, 3), &[ines.member, paul.member], |convocation| {
        convocation.act = Act::Cancel;
        convocation.note = Some("Quorum impossible".to_owned());
    })
    .await;
    let text = scene.reads(&path).await.text().await.unwrap();
    for line in ["SEQUENCE:2\r\n", "STATUS:CANCELLED\r\n", "Quorum impossible"] {
        assert!(text.contains(line), "{line} in {text}");
    }
    let text = scene.reads(&of_paul).await.text().await.unwrap();
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");

    // A year later it is forgotten.
    scene.pass_ms(430 * 24 * 3_600_000);
    assert!(!scene.reads(&path).await.text().await.unwrap().contains("VEVENT"));
}

#[tokio::test]
async fn an_address_that_was_changed_leads_nowhere_and_looks_like_none() {
    let mut scene = Scene::start().await;
    let mut clerk = scene.clerk().await;
    let ines = scene.member(&mut clerk, 10, Role::Official).await;
    let before = scene.address(&ines, false).await;
    let after = scene.address(&ines, true).await;
    assert_ne!(before, after);
    assert_eq!(scene.reads(&after).await.status(), 200);
    let nowhere = scene.reads("/nowhere").await.bytes().await.unwrap();
    let name = after.trim_start_matches("/calendar/").to_owned();
    let mut wrong = vec![
        before,
        after.trim_end_matches(".ics").to_owned(),
        after.to_uppercase().replace("/CALENDAR/", "/calendar/").replace(".ICS", ".ics"),
        "/calendar/.ics".to_owned(),
        format!("/calendar/{}.ics", "0".repeat(32)),
        format!("/calendar/{}.ics", "a".repeat(5_000)),
        "/calendar/%FF%FE.ics".to_owned(),
    ];
    wrong.push(format!("/calendar/{}{name}", "0"));
    for path in wrong {
        let response = scene.reads(&path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.bytes().await.unwrap(), nowhere, "{path}");
    }

    // The address outlives the server's process, and stands nowhere in its data.
    scene.restart().await;
    assert_eq!(scene.reads(&after).await.status(), 200);
    let token = name.trim_end_matches(".ics").as_bytes();
    for file in std::fs::read_dir(scene.data()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(token.len()).any(|part| part == token), "{}", path.display());
        }
    }

    // Whoever leaves the council loses the calendar.
    let left =
        Member { left: Some("2026-11-27".parse().unwrap()), ..person(10, Role::Official, vec![]) };
    clerk.publish(&scene, 1, &Record::Member(left)).await;
    assert_eq!(scene.reads(&after).await.status(), 404);
    let refused = refused(
        scene
            .post::<_, CalendarAddress>(
                "/v1/calendar",
                Some(&ines.token),
                &CalendarRequest { renew: false },
            )
            .await,
    );
    assert!(matches!(refused, ProblemCode::Revoked | ProblemCode::Session), "{refused:?}");
}

#[tokio::test]
async fn a_calendar_that_is_asked_for_too_often_waits() {
    let scene = Scene::start_with(|config| {
        config.limits.calendar_rate = Rate { burst: 2.0, per_second: 0.1 };
    })
    .await;
    let mut clerk = scene.clerk().await;
    let ines = scene.member(&mut clerk, 10, Role::Official).await;
    let path = scene.address(&ines, false).await;
    assert_eq!(scene.reads(&path).await.status(), 200);
    assert_eq!(scene.reads(&path).await.status(), 200);
    let third = scene.reads(&path).await;
    assert_eq!(
        (third.status().as_u16(), &third.headers()["retry-after"]),
        (429, &"10".parse().unwrap())
    );
    let another = scene.address(&clerk, false).await;
    assert_eq!(scene.reads(&another).await.status(), 200, "each calendar counts for itself");
    scene.pass_ms(10_000);
    assert_eq!(scene.reads(&path).await.status(), 200);
}
