//! A sitting is convened, arrives, is opened and answered; and all of it can be proved.

use domain::convocation::Verdict;
use domain::{Answer, Channel, MemberId, Reached, SittingId, SittingState};
use ipc::{
    Availability, Command, ConveneRefusal, Convened, Convening, ConvocationCommand, ErrorCode,
    FindingKind, Reply, ReplyView, SittingView, TrackingView,
};
use pupitre_client::SystemWorld;
use pupitre_client::ports::World;

use crate::council::{Council, Tablet};
use crate::papers;

fn convening(sitting: SittingId) -> Convening {
    Convening::of(sitting)
}

impl Tablet {
    async fn convene(&self, convening: Convening) -> Convened {
        let command = Command::Convocation(ConvocationCommand::Convene(convening));
        let Reply::Convened(done) = self.ask(command).await else { panic!("convened") };
        *done
    }

    async fn tracking(&self, sitting: SittingId) -> TrackingView {
        let command = Command::Convocation(ConvocationCommand::Tracking { sitting });
        let Reply::Tracking(view) = self.ask(command).await else { panic!("tracking") };
        *view
    }

    async fn reply(&self, sitting: SittingId) -> Option<ReplyView> {
        let Reply::Sittings(cards) = self.ask(Command::Sittings).await else { panic!("cards") };
        cards.into_iter().find(|card| card.sitting == sitting).unwrap().reply
    }

    async fn shown(&self, sitting: SittingId) -> SittingView {
        let Reply::Sitting(view) = self.ask(Command::Sitting { sitting }).await else {
            panic!("a sitting")
        };
        *view
    }

    fn answer(sitting: SittingId, answer: Answer) -> Command {
        Command::Convocation(ConvocationCommand::Answer { sitting, answer, member: None })
    }
}

fn states(view: &TrackingView, member: MemberId) -> Vec<(Channel, Option<Reached>)> {
    let of = view.tracks.iter().filter(|track| track.member == member);
    of.map(|track| (track.channel, track.state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_convocation_arrives_is_opened_and_answered_without_a_network_and_is_proved() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    let (karim, other) = council.official(&clerk, "Karim").await;
    let sitting = clerk.publish(&council.sitting()).await.sitting;

    let judged = Command::Convocation(ConvocationCommand::Judge(convening(sitting)));
    let Reply::Convened(judged) = clerk.ask(judged).await else { panic!("judged") };
    assert_eq!((judged.verdict, judged.already, judged.number), (Verdict::Regular, false, 1));
    assert!(clerk.tracking(sitting).await.tracks.is_empty(), "judging sends nothing");

    let done = clerk.convene(convening(sitting)).await;
    assert_eq!((done.verdict, done.recipients, done.already), (Verdict::Regular, 2, false));
    assert_eq!(done.ruling.deadline.days, 5, "a commune of 9,000");
    let again = clerk.convene(convening(sitting)).await;
    assert_eq!((again.already, again.number), (true, 1), "nothing is sent twice");
    let Reply::Sittings(cards) = clerk.ask(Command::Sittings).await else { panic!("cards") };
    assert_eq!(cards[0].state, SittingState::Convened);

    // It arrives with its papers: the tablet signs for it by itself.
    assert_eq!(clerk.tracking(sitting).await.dispatched, 2);
    tablet.sync().await;
    clerk.sync().await;
    let app = |state| vec![(Channel::App, Some(state))];
    let view = clerk.tracking(sitting).await;
    assert_eq!(states(&view, ines), app(Reached::Delivered));
    assert_eq!(states(&view, karim), app(Reached::Dispatched));

    // In the train: opened and answered without a network, closed, opened again.
    council.stop().await;
    tablet.documents().await;
    tablet.ask(Tablet::answer(sitting, Answer::Absent)).await;
    tablet.ask(Tablet::answer(sitting, Answer::Late)).await;
    let tablet = tablet.reopen().await;
    let mine = tablet.reply(sitting).await.unwrap().mine.unwrap();
    assert_eq!((mine.answer, mine.sent), (Answer::Late, false));
    council.start().await;
    tablet.sync().await;
    assert!(tablet.reply(sitting).await.unwrap().mine.unwrap().sent);
    clerk.sync().await;
    let view = clerk.tracking(sitting).await;
    assert_eq!(states(&view, ines), app(Reached::Answered));
    assert_eq!((view.answered, view.present, view.opened), (1, 1, 1));
    assert_eq!(view.answers[0].answer, Answer::Late, "the last word counts");

    // Nobody but the clerk and the member reads receipts.
    other.sync().await;
    let view = other.tracking(sitting).await;
    assert!(view.answers.is_empty() && states(&view, ines).is_empty());

    // The proof holds without the server, and a changed byte is found and named.
    clerk.sync().await;
    council.stop().await;
    let out = council.path("preuve.pupitre");
    let command =
        Command::Convocation(ConvocationCommand::Prove { sitting, out: Some(out.clone()) });
    let Reply::Proved(proved) = clerk.ask(command).await else { panic!("proved") };
    let bytes = std::fs::read(&out).unwrap();
    let found = pupitre_client::proof::verify(&bytes);
    assert!(found.valid, "{:?}", found.findings);
    assert_eq!((found.convocations, found.root), (1, Some(proved.root)));
    assert_eq!(found.receipts, 5, "two deliveries, an opening, two answers");
    assert!(std::fs::read(&proved.pdf).unwrap().starts_with(b"%PDF"));
    let text = String::from_utf8(bytes.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for at in [40, bytes.len() / 3, bytes.len() / 2, bytes.len() - 3] {
        let mut wounded = bytes.clone();
        wounded[at] ^= 1;
        let found = pupitre_client::proof::verify(&wounded);
        assert!(!found.valid, "byte {at}");
        let line = wounded[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let named = found.findings.iter().any(|finding| finding.line as usize == line);
        assert!(named, "byte {at} stands in line {line}: {:?}", found.findings);
    }
    // A receipt taken away, and the end cut off.
    let without = [&lines[..lines.len() - 2], &lines[lines.len() - 1..]].concat().join("\n");
    assert!(!pupitre_client::proof::verify(without.as_bytes()).valid);
    let cut = pupitre_client::proof::verify(lines[..lines.len() - 1].join("\n").as_bytes());
    assert_eq!(cut.findings[0].kind, FindingKind::NotSealed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_is_told_to_its_bearer_who_may_refuse_it_and_the_law_is_kept() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (ines, first) = council.official(&clerk, "Inès").await;
    let (karim, second) = council.official(&clerk, "Karim").await;
    let (_, third) = council.official(&clerk, "Maud").await;
    let sitting = clerk.publish(&council.sitting()).await.sitting;
    first.sync().await;
    let early = first.refused(Tablet::answer(sitting, Answer::Present)).await;
    assert_eq!(early.code, ErrorCode::NotConvened);
    clerk.convene(convening(sitting)).await;
    for tablet in [&first, &second, &third] {
        tablet.sync().await;
    }
    let oneself = first.refused(Tablet::answer(sitting, Answer::Proxy(ines))).await;
    assert_eq!(oneself.code, ErrorCode::ProxyOneself);

    first.ask(Tablet::answer(sitting, Answer::Proxy(karim))).await;
    first.sync().await;
    second.sync().await;
    let told = second.reply(sitting).await.unwrap().proxies;
    assert_eq!((told.len(), told[0].member, told[0].taken), (1, ines, None));

    // One bearer, one proxy: the second giver cannot know, the server does.
    third.ask(Tablet::answer(sitting, Answer::Proxy(karim))).await;
    third.sync().await;
    assert_eq!(third.reply(sitting).await.unwrap().mine, None, "the server has not taken it");

    let bear = |accepts| ConvocationCommand::Bear { sitting, giver: ines, accepts };
    second.ask(Command::Convocation(bear(false))).await;
    second.sync().await;
    first.sync().await;
    assert_eq!(first.reply(sitting).await.unwrap().mine.unwrap().taken, Some(false));
    // Karim is free again.
    third.ask(Tablet::answer(sitting, Answer::Proxy(karim))).await;
    third.sync().await;
    assert!(third.reply(sitting).await.unwrap().mine.unwrap().sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_after_dispatch_needs_a_new_convocation_or_none() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    let folder = council.sitting();
    let sitting = clerk.publish(&folder).await.sitting;
    clerk.convene(convening(sitting)).await;

    // A slip of the pen changes nothing; another item to be decided asks for a new convocation.
    let written = folder.join("sitting.toml");
    let text = std::fs::read_to_string(&written).unwrap();
    let state = |reply: Reply| {
        let Reply::Sittings(cards) = reply else { panic!("cards, not {reply:?}") };
        cards[0].state
    };
    std::fs::write(&written, text.replace("\"Budget\"", "\"BUDGET.\"")).unwrap();
    clerk.publish(&folder).await;
    assert_eq!(state(clerk.ask(Command::Sittings).await), SittingState::Convened);
    assert!(clerk.convene(convening(sitting)).await.already);
    std::fs::write(&written, format!("{text}[[item]]\ntitle = \"Vœu\"\n")).unwrap();
    clerk.publish(&folder).await;
    assert_eq!(state(clerk.ask(Command::Sittings).await), SittingState::Published);
    let corrected = clerk.convene(convening(sitting)).await;
    assert_eq!((corrected.already, corrected.number), (false, 2));

    // Postponed: the new convocation replaces the former and is answered anew.
    tablet.sync().await;
    tablet.ask(Tablet::answer(sitting, Answer::Present)).await;
    tablet.sync().await;
    let postpone = ConvocationCommand::Postpone {
        convening: Convening {
            correction: Some("Salle indisponible".to_owned()),
            ..convening(sitting)
        },
        starts: "2036-10-05T18:30:00+02:00".parse().unwrap(),
        place: Some("Gymnase".to_owned()),
    };
    let Reply::Convened(done) = clerk.ask(Command::Convocation(postpone)).await else {
        panic!("postponed")
    };
    assert_eq!((done.number, done.verdict), (3, Verdict::Regular));
    tablet.sync().await;
    let reply = tablet.reply(sitting).await.unwrap();
    assert!(reply.corrected && reply.mine.is_none() && reply.asked);
    assert_eq!(reply.note, "Salle indisponible");

    // Called off: everybody is told, and there is nothing to answer.
    let command = ConvocationCommand::CallOff { sitting, reason: "Tempête".to_owned() };
    clerk.ask(Command::Convocation(command)).await;
    tablet.sync().await;
    let reply = tablet.reply(sitting).await.unwrap();
    assert!(reply.cancelled && !reply.asked);
    let late = tablet.refused(Tablet::answer(sitting, Answer::Present)).await;
    assert_eq!(late.code, ErrorCode::TooLateToAnswer);
    assert_eq!(states(&clerk.tracking(sitting).await, ines).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitting_of_tomorrow_is_late_and_one_that_has_begun_is_refused() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    council.official(&clerk, "Inès").await;
    let at = |hours: i64| {
        let now = SystemWorld::default().now_ms() / 1_000;
        let at = domain::Timestamp::from_second(now + hours * 3_600).unwrap();
        let folder = council.sitting();
        // Other papers, so that it is another sitting.
        for file in ["01.pdf", "02.pdf", "03.pdf"] {
            let page = format!("{file} dans {hours} heures");
            std::fs::write(folder.join(file), crate::papers::text(&[page])).unwrap();
        }
        let text = std::fs::read_to_string(folder.join("sitting.toml")).unwrap();
        let text = text.replace("2036-09-28T18:30:00+02:00", &at.to_string());
        std::fs::write(folder.join("sitting.toml"), text.replace("municipal", &at.to_string()))
            .unwrap();
        folder
    };
    let soon = clerk.publish(&at(48)).await.sitting;
    let late = clerk.convene(convening(soon)).await;
    assert_eq!((late.verdict, late.recipients), (Verdict::Late, 1), "sent, and said to be late");
    // Urgency is another convocation: one clear day is enough for it.
    let urgency = Some("Crue de la rivière".to_owned());
    let urgent = clerk.convene(Convening { urgency, ..convening(soon) }).await;
    assert_eq!((urgent.verdict, urgent.number), (Verdict::Regular, 2));

    let today = clerk.publish(&at(1)).await.sitting;
    let urgency = Some("Crue de la rivière".to_owned());
    let refused = clerk.convene(Convening { urgency, ..convening(today) }).await;
    assert_eq!(refused.refusal, Some(ConveneRefusal::UrgencyTooLate));
    let begun = clerk.publish(&at(-1)).await.sitting;
    let refused = clerk.convene(convening(begun)).await;
    assert_eq!((refused.verdict, refused.refusal), (Verdict::Refused, Some(ConveneRefusal::Begun)));
    assert!(clerk.tracking(begun).await.tracks.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitting_without_a_letter_gets_one_that_follows_it_and_the_clerks_own_is_left_alone() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (_, tablet) = council.official(&clerk, "Inès").await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("01.pdf"), papers::text(&["Budget"])).unwrap();
    let described = |place: &str, letter: &str| {
        let toml = format!(
            "title = \"Conseil municipal\"\nkind = \"council\"\n\
             starts = 2027-09-28T18:30:00+02:00\nplace = \"{place}\"\n{letter}\
             [[item]]\ntitle = \"Budget\"\nreport = \"01.pdf\"\n"
        );
        std::fs::write(folder.path().join("sitting.toml"), toml).unwrap();
        folder.path().join("sitting.toml")
    };
    let sitting = clerk.publish(&described("Mairie", "")).await.sitting;
    assert_eq!(clerk.documents().await.len(), 1, "nothing is made before it is convened");
    assert!(!clerk.convene(convening(sitting)).await.already);
    tablet.sync().await;
    let letter = |view: &SittingView| view.convocation.clone().unwrap();
    let first = letter(&tablet.shown(sitting).await);
    assert_eq!((first.pages, first.version, first.searchable), (2, 1, true), "with its note");
    assert_eq!(first.availability, Availability::Here);

    // Moved: the letter says so, and is sent as its next version.
    clerk.publish(&described("Salle des fêtes", "")).await;
    assert_eq!(clerk.convene(convening(sitting)).await.number, 2);
    tablet.sync().await;
    let second = letter(&tablet.shown(sitting).await);
    assert_eq!((second.document, second.version), (first.document, 2));

    // A letter of the clerk's own is never replaced by ours.
    std::fs::write(folder.path().join("lettre.pdf"), papers::text(&["De ma main"])).unwrap();
    clerk.publish(&described("Mairie annexe", "convocation = \"lettre.pdf\"\n")).await;
    let own = letter(&clerk.shown(sitting).await);
    clerk.convene(convening(sitting)).await;
    assert_eq!(letter(&clerk.shown(sitting).await), own);
}
