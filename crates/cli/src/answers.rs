//! The answers and their JSON: names here are the contract with scripts; adding is free.

use domain::convocation::Verdict;
use domain::{
    Channel, CouncilId, DeviceId, DocumentId, DocumentRole, MemberId, Reached, Role, SittingId,
    SittingState, Timestamp,
};
use ink::{AnnotationId, Colour, Form, MarkKind, MarkupStyle, Nib, Rect, Sign};
use ipc::{
    Audience, Availability, DocumentView, NoteCard, OutlineEntry, PaperCheck, Placement, Published,
    SearchResults, SittingCard, SyncSummary,
};
use serde::Serialize;

use crate::deadline::Deadline;
use crate::deliberations;
use crate::failure::Failure;
use crate::members::{self, Taken};
use crate::messages::Message;

/// What a command answers.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Enrolled(Enrolled),
    Synced(SyncSummary),
    Status(Status),
    Lock { pin: bool, wrong: u32, wait_ms: u64 },
    Members(Vec<ipc::MemberView>),
    Member { member: MemberId },
    Imported(Box<Taken>),
    Groups(Vec<members::Group>),
    Bodies(Vec<members::Body>),
    Invitation { code: String, expires: Timestamp },
    CalendarAddress { address: String },
    Sealing(Box<ipc::SealingView>),
    Devices(Vec<ipc::DeviceView>),
    RecoveryCode { code: String },
    Published(Published),
    Replaced(ipc::Replaced),
    Convened(Box<Convened>),
    Tracking(Vec<Track>),
    Message(Box<Message>),
    Messages(Vec<Message>),
    Answered(Answered),
    Proved(ipc::Proved),
    Verified(Box<Verified>),
    Sittings(Vec<Sitting>),
    Documents(Vec<Document>),
    Opened { document: DocumentId, pages: u32 },
    Outline(Vec<OutlineEntry>),
    Annotation { annotation: AnnotationId },
    TakenIn { annotations: Vec<AnnotationId>, known: u32, left_out: u32 },
    Foreign(Vec<ipc::ForeignNote>),
    Notes(Vec<Note>),
    Found(Found),
    Written { file: String },
    Kept { kept: bool },
    Checked(Vec<PaperCheck>),
    Deadline(Box<Deadline>),
    DeliberationsRead(Box<deliberations::Read>),
    DeliberationsAdded(deliberations::Added),
}

impl Answer {
    /// One JSON value.
    pub(crate) fn json(&self) -> Result<String, Failure> {
        serde_json::to_string(self)
            .map_err(|error| Failure::Said(format!("The answer cannot be written: {error}.")))
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Convened {
    pub(crate) verdict: Verdict,
    /// Why nothing was sent.
    pub(crate) refusal: Option<ipc::ConveneRefusal>,
    pub(crate) recipients: u32,
    /// Last lawful minute.
    pub(crate) latest_dispatch: Timestamp,
    pub(crate) latest_day: domain::Date,
    pub(crate) rule: String,
    pub(crate) article: String,
    pub(crate) days: u16,
    pub(crate) number: u32,
    /// Whether it was sent before.
    pub(crate) already: bool,
    pub(crate) unreachable: Vec<String>,
    pub(crate) on_paper: Vec<String>,
    pub(crate) answer_by: Option<Timestamp>,
    pub(crate) deadline: domain::law::Deadline,
}

impl From<ipc::Convened> for Convened {
    fn from(done: ipc::Convened) -> Self {
        let deadline = done.ruling.deadline;
        Self {
            verdict: done.verdict,
            refusal: done.refusal,
            recipients: done.recipients,
            latest_dispatch: deadline.last_minute,
            latest_day: deadline.latest_dispatch,
            rule: deadline.rule.clone(),
            article: deadline.article.clone(),
            days: deadline.days,
            number: done.number,
            already: done.already,
            unreachable: done.unreachable,
            on_paper: done.on_paper,
            answer_by: done.answer_by.map(|by| by.at),
            deadline,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Track {
    pub(crate) member: MemberId,
    pub(crate) channel: Channel,
    pub(crate) state: Reached,
    pub(crate) at: Timestamp,
    pub(crate) name: String,
    pub(crate) detail: String,
    /// The member's answer, on the line of the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) answer: Option<String>,
}

/// The lines of a sitting's convocation.
pub(crate) fn tracks(view: ipc::TrackingView) -> Vec<Track> {
    let answers = view.answers;
    let said = |member: MemberId| {
        let answer = answers.iter().find(|answer| answer.member == member)?;
        Some(answer_text(answer.answer))
    };
    let lines = reached(view.tracks).map(|mut line| {
        line.answer = said(line.member).filter(|_| line.channel == Channel::App);
        line
    });
    lines.collect()
}

/// A way on which nothing has happened yet has no line.
pub(crate) fn reached(tracks: Vec<ipc::TrackView>) -> impl Iterator<Item = Track> {
    tracks.into_iter().filter_map(|track| {
        Some(Track {
            member: track.member,
            channel: track.channel,
            state: track.state?,
            at: track.at?,
            name: track.name,
            detail: track.detail,
            answer: None,
        })
    })
}

/// An answer as it is given on the command line.
pub(crate) fn answer_text(answer: domain::Answer) -> String {
    match answer {
        domain::Answer::Present => "present".to_owned(),
        domain::Answer::Late => "late".to_owned(),
        domain::Answer::Absent => "absent".to_owned(),
        domain::Answer::Proxy(bearer) => format!("proxy:{bearer}"),
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Verified {
    pub(crate) valid: bool,
    /// One sentence each.
    pub(crate) problems: Vec<String>,
    /// The same for scripts.
    pub(crate) findings: Vec<ipc::Finding>,
    pub(crate) council: String,
    pub(crate) sitting: Option<SittingId>,
    pub(crate) title: String,
    /// Key of the council's office: compare it with the one the council has published.
    pub(crate) office: Option<domain::PublicKey>,
    pub(crate) written: Option<Timestamp>,
    pub(crate) convocations: u32,
    pub(crate) receipts: u32,
    pub(crate) root: Option<domain::Sha256>,
    /// The time-stamp on the root.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stamp: Option<ipc::StampFound>,
}

impl Verified {
    pub(crate) fn new(found: ipc::Verification, words: &ipc::Words) -> Self {
        Self {
            valid: found.valid,
            problems: found.findings.iter().map(|finding| words.finding(finding)).collect(),
            findings: found.findings,
            council: found.council,
            sitting: found.sitting,
            title: found.title,
            office: found.office,
            written: found.written,
            convocations: found.convocations,
            receipts: found.receipts,
            root: found.root,
            stamp: found.stamp,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Answered {
    pub(crate) sitting: SittingId,
    pub(crate) answer: Option<String>,
    /// Whether it has left this tablet.
    pub(crate) sent: bool,
    pub(crate) answer_by: Option<Timestamp>,
    /// Proxies given to this member.
    pub(crate) proxies: Vec<Proxy>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Proxy {
    pub(crate) giver: MemberId,
    pub(crate) name: String,
    /// Whether the bearer takes it, once said.
    pub(crate) taken: Option<bool>,
}

impl From<ipc::SittingView> for Answered {
    fn from(view: ipc::SittingView) -> Self {
        let sitting = view.card.sitting;
        let reply = view.card.reply;
        let mine = reply.as_ref().and_then(|reply| reply.mine.as_ref());
        Self {
            sitting,
            answer: mine.map(|mine| answer_text(mine.answer)),
            sent: mine.is_some_and(|mine| mine.sent),
            answer_by: reply.as_ref().and_then(|reply| reply.by).map(|by| by.at),
            proxies: reply
                .map(|reply| reply.proxies)
                .unwrap_or_default()
                .into_iter()
                .map(|proxy| Proxy { giver: proxy.member, name: proxy.name, taken: proxy.taken })
                .collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Enrolled {
    pub(crate) council: CouncilId,
    pub(crate) member: MemberId,
    pub(crate) role: Role,
    pub(crate) device: DeviceId,
    pub(crate) council_name: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Status {
    pub(crate) cursor: u64,
    pub(crate) pending: u32,
    pub(crate) last_sync: Option<Timestamp>,
    pub(crate) online: bool,
    pub(crate) unreadable: u32,
    pub(crate) council: Option<CouncilId>,
    pub(crate) council_name: Option<String>,
    pub(crate) member: Option<MemberId>,
    pub(crate) name: Option<String>,
    pub(crate) role: Option<Role>,
    pub(crate) device: Option<DeviceId>,
    /// Days that the tablet still works without contact, once it is a week or less; 0 when it is locked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lease_days: Option<u32>,
}

impl Status {
    pub(crate) fn new(status: &ipc::Status, online: bool) -> Self {
        let session = status.session.as_ref();
        Self {
            cursor: status.cursor,
            pending: status.sync.pending,
            last_sync: status.sync.last.map(|last| last.at),
            online,
            unreadable: status.sync.unreadable,
            council: session.map(|session| session.council),
            council_name: session.map(|session| session.council_name.clone()),
            member: session.map(|session| session.member),
            name: session.map(|session| session.name.clone()),
            role: session.map(|session| session.role),
            device: session.map(|session| session.device),
            lease_days: status.lease,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Sitting {
    pub(crate) sitting: SittingId,
    pub(crate) title: String,
    pub(crate) starts: Timestamp,
    pub(crate) place: String,
    pub(crate) state: SittingState,
    pub(crate) documents: u32,
    pub(crate) available: u32,
    pub(crate) items: u32,
    pub(crate) pages: u32,
    pub(crate) notes: u32,
}

impl From<SittingCard> for Sitting {
    fn from(card: SittingCard) -> Self {
        Self {
            sitting: card.sitting,
            title: card.title,
            starts: card.starts.at,
            place: card.place,
            state: card.state,
            documents: card.documents,
            available: card.available,
            items: card.items,
            pages: card.pages,
            notes: card.notes,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Document {
    pub(crate) document: DocumentId,
    pub(crate) item: u32,
    pub(crate) item_title: String,
    pub(crate) title: String,
    pub(crate) role: DocumentRole,
    pub(crate) pages: u32,
    pub(crate) version: u32,
    pub(crate) bytes: u64,
    pub(crate) available: bool,
    pub(crate) searchable: bool,
    pub(crate) notes: u32,
}

impl From<DocumentView> for Document {
    fn from(view: DocumentView) -> Self {
        Self {
            document: view.document,
            item: view.item,
            item_title: view.item_title,
            title: view.title,
            role: view.role,
            pages: view.pages,
            version: view.version,
            bytes: view.bytes,
            available: view.availability == Availability::Here,
            searchable: view.searchable,
            notes: view.notes,
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Note {
    pub(crate) annotation: AnnotationId,
    pub(crate) document: DocumentId,
    pub(crate) document_title: String,
    pub(crate) item: u32,
    pub(crate) version: u32,
    pub(crate) page: u32,
    pub(crate) kind: &'static str,
    /// Which form, of a shape.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shape: Option<Form>,
    /// Which sign, of a stamp.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) stamp: Option<Sign>,
    pub(crate) quote: Option<String>,
    pub(crate) text: String,
    pub(crate) rects: Vec<Rect>,
    pub(crate) colour: Colour,
    pub(crate) audience: String,
    pub(crate) author: String,
    pub(crate) mine: bool,
    /// Whether somebody else made or changed it since the paper was last read here.
    pub(crate) new: bool,
    pub(crate) in_reply_to: Option<AnnotationId>,
    /// The audience it was meant for, when the server did not take it.
    pub(crate) not_shared: Option<String>,
    pub(crate) placement: Placement,
    /// The earlier version it was made on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) made_on: Option<MadeOn>,
    pub(crate) modified: Option<Timestamp>,
}

/// The version and the page that a note of an earlier version was made on.
#[derive(Debug, Serialize)]
pub(crate) struct MadeOn {
    version: u32,
    page: u32,
}

impl From<NoteCard> for Note {
    fn from(card: NoteCard) -> Self {
        let placed = card.view.is_placed();
        let made_on =
            card.view.origin.map(|origin| MadeOn { version: origin.version, page: origin.page });
        let mark = card.view.mark;
        let rects = mark.kind.rects();
        let kind = kind_name(&mark.kind);
        let (mut quote, mut shape, mut stamp) = (None, None, None);
        match mark.kind {
            MarkKind::Markup(markup) => {
                let words = ink::rejoined(&markup.quote.exact).into_owned();
                quote = Some(words).filter(|quote| !quote.is_empty());
            }
            MarkKind::Shape(drawn) => shape = Some(drawn.form),
            MarkKind::Stamp(stamped) => stamp = Some(stamped.sign),
            MarkKind::Ink { .. } | MarkKind::Note { .. } | MarkKind::Text { .. } => {}
        }
        Self {
            annotation: card.annotation,
            document: card.document,
            document_title: card.document_title,
            item: card.item,
            version: card.version,
            page: mark.page,
            kind,
            shape,
            stamp,
            quote,
            text: mark.text,
            rects: if placed { rects } else { Vec::new() },
            colour: mark.colour,
            audience: audience(&card.view.audience),
            author: card.view.author,
            mine: card.view.mine,
            new: card.view.fresh,
            in_reply_to: mark.in_reply_to,
            not_shared: card.view.not_shared.map(|meant| audience(&meant.audience)),
            placement: card.view.placement,
            made_on,
            modified: Timestamp::from_millisecond(mark.modified_ms).ok(),
        }
    }
}

fn audience(audience: &Audience) -> String {
    match audience {
        Audience::Private => "private".to_owned(),
        Audience::Council => "council".to_owned(),
        Audience::Group(name) => format!("group:{name}"),
    }
}

/// What the kind of mark is called.
const fn kind_name(kind: &MarkKind) -> &'static str {
    match kind {
        MarkKind::Markup(markup) => match markup.style {
            MarkupStyle::Highlight => "highlight",
            MarkupStyle::Underline => "underline",
            MarkupStyle::Strikeout => "strikeout",
        },
        // A band drawn where there is no text is a highlight all the same.
        MarkKind::Ink { nib: Nib::Highlighter, .. } => "highlight",
        MarkKind::Ink { nib: Nib::Pen, .. } => "ink",
        MarkKind::Shape(_) => "shape",
        MarkKind::Stamp(_) => "stamp",
        MarkKind::Note { .. } => "note",
        MarkKind::Text { .. } => "text",
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Found {
    pub(crate) took_ms: f64,
    pub(crate) hits: Vec<Hit>,
    pub(crate) without_text: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Hit {
    pub(crate) document: DocumentId,
    pub(crate) title: String,
    pub(crate) sitting: SittingId,
    pub(crate) page: u32,
    pub(crate) snippet: String,
    pub(crate) rects: Vec<Rect>,
    pub(crate) annotation: Option<AnnotationId>,
}

impl From<SearchResults> for Found {
    fn from(results: SearchResults) -> Self {
        let hit = |hit: ipc::SearchHit| Hit {
            document: hit.document,
            title: hit.title,
            sitting: hit.sitting,
            page: hit.page,
            snippet: hit.snippet.replace(['\u{2068}', '\u{2069}'], ""),
            rects: hit.rects,
            annotation: hit.annotation,
        };
        Self {
            took_ms: results.took_ms,
            hits: results.hits.into_iter().map(hit).collect(),
            without_text: results.without_text,
        }
    }
}
