//! A message of the office arrives, is read, and the clerk sees it; with a network and without.

use domain::{Channel, MemberId, Reached, Role};
use ipc::{
    Addressees, Command, ErrorCode, Event, HomeView, MessageCommand, MessageView, NewMessage, Reply,
};

use crate::council::{Council, Tablet};

fn to(to: Addressees) -> NewMessage {
    let (subject, text) = ("Changement de salle".to_owned(), "Gymnase, à 19 h.".to_owned());
    NewMessage { to, subject, text, pressing: false }
}

impl Tablet {
    async fn tell(&self, message: NewMessage) -> MessageView {
        let command = Command::Message(MessageCommand::Send(message));
        let Reply::Messages(mut sent) = self.ask(command).await else { panic!("messages") };
        assert_eq!(sent.len(), 1);
        sent.remove(0)
    }

    async fn messages(&self) -> Vec<MessageView> {
        let command = Command::Message(MessageCommand::List);
        let Reply::Messages(all) = self.ask(command).await else { panic!("messages") };
        all
    }

    async fn home(&self) -> HomeView {
        let Reply::Home(home) = self.ask(Command::Home).await else { panic!("home") };
        *home
    }
}

fn state(view: &MessageView, member: MemberId) -> Option<Reached> {
    let app = |track: &&ipc::TrackView| track.member == member && track.channel == Channel::App;
    view.tracks.iter().find(app).unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_a_group_arrives_is_read_and_no_other_tablet_has_it() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    let (karim, other) = council.person(&clerk, "Karim", Some("Opposition"), Role::Official).await;
    clerk.sync().await;
    let Reply::Members(members) = clerk.ask(Command::Members).await else { panic!("members") };
    assert_eq!(members.len(), 3);
    let people = Command::Clerk(ipc::ClerkCommand::People);
    let Reply::Clerk(ipc::ClerkReply::People(people)) = clerk.ask(people).await else {
        panic!("people")
    };
    let opposition = people.groups.iter().find(|group| group.name == "Opposition").unwrap().id;

    // Written in the train: it leaves with the next exchange, once.
    council.stop().await;
    let sent = clerk.tell(to(Addressees::Group(opposition))).await;
    assert_eq!((sent.to.as_str(), sent.recipients, sent.dispatched), ("Opposition", 1, 0));
    let clerk = clerk.reopen().await;
    council.start().await;
    clerk.sync().await;
    assert_eq!(clerk.sync().await.pushed, 0);
    let listed = clerk.messages().await;
    assert_eq!((listed.len(), listed[0].dispatched), (1, 1));
    assert_eq!(state(&listed[0], karim), Some(Reached::Dispatched));

    let mut events = other.client.subscribe();
    tablet.sync().await;
    other.sync().await;
    assert!(tablet.messages().await.is_empty() && tablet.home().await.messages.is_empty());
    let told = std::iter::from_fn(|| events.try_recv().ok());
    let told = told
        .filter(|event| matches!(event, Event::Message { subject } if subject == &sent.subject));
    assert_eq!(told.count(), 1, "it is told once");
    let here = other.home().await.messages;
    assert_eq!((here.len(), here[0].read, here[0].text.as_str()), (1, false, "Gymnase, à 19 h."));
    assert!(here[0].tracks.is_empty(), "a member is shown nobody's tracking");
    clerk.sync().await;
    assert_eq!(state(&clerk.messages().await[0], karim), Some(Reached::Delivered));

    // Read without a network; twice is once.
    council.stop().await;
    let read = Command::Message(MessageCommand::Read(sent.message));
    other.ask(read.clone()).await;
    other.ask(read.clone()).await;
    assert!(other.home().await.messages[0].read);
    assert_eq!(tablet.refused(read).await.code, ErrorCode::NotFound);
    council.start().await;
    assert_eq!(other.sync().await.pushed, 1);
    clerk.sync().await;
    let listed = clerk.messages().await;
    assert_eq!((state(&listed[0], karim), listed[0].opened), (Some(Reached::Opened), 1));
    assert!(!listed[0].tracks.iter().any(|track| track.member == ines));

    let out = council.path("suivi.csv");
    let export = MessageCommand::Export { message: sent.message, out: Some(out.clone()) };
    clerk.ask(Command::Message(export)).await;
    let table = std::fs::read_to_string(&out).unwrap();
    let rows: Vec<&str> = table.trim_end().split("\r\n").collect();
    assert_eq!(rows.len(), 4, "sent, received, opened: {table}");
    assert!(rows[3].starts_with("Changement de salle;Karim Baudry;application;ouvert;"), "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_a_message_goes_to_and_what_it_must_say() {
    let council = Council::open().await;
    let clerk = council.clerk().await;
    let (ines, tablet) = council.official(&clerk, "Inès").await;
    council.person(&clerk, "Maud", None, Role::Guest).await;
    let everyone = clerk.tell(to(Addressees::Everyone)).await;
    assert_eq!((everyone.recipients, everyone.to.as_str()), (1, "Tous les élus"));
    let one = clerk.tell(to(Addressees::Members(vec![ines, ines]))).await;
    assert_eq!((one.recipients, one.to.as_str()), (1, "Inès Baudry"));
    let send = |message| Command::Message(MessageCommand::Send(message));
    let nobody = clerk.refused(send(to(Addressees::Members(Vec::new())))).await;
    assert_eq!(nobody.reason, Some(ipc::Reason::NoRecipient));
    let silent = NewMessage { text: "  ".to_owned(), ..to(Addressees::Everyone) };
    assert_eq!(clerk.refused(send(silent)).await.code, ErrorCode::BadInput);
    tablet.sync().await;
    assert_eq!(tablet.refused(send(to(Addressees::Everyone))).await.code, ErrorCode::Forbidden);
    assert_eq!(tablet.messages().await.len(), 2);
}
