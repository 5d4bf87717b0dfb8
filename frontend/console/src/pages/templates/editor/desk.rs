//! What the parts of the editor share: the letter as it stands, what was saved of it, and which block is
//! looked at.

use contract::FieldError;
use contract::templates::{Block, Column, Content, LocaleContent, Template, check};
use domain::{Locale, Permission};
use leptos::prelude::*;
use ui::{Failure, i18n, session};

/// How many steps can be taken back.
const STEPS: usize = 50;

/// A list of blocks: the letter's own, or that of a column of the block at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The letter.
    Letter,
    /// The block, and its column.
    Column(usize, usize),
}

/// A block: in which list, and where in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// The list.
    pub place: Place,
    /// The position.
    pub at: usize,
}

/// The letter on the desk.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The template as the server last told it.
    pub template: RwSignal<Template>,
    /// What it says now.
    pub content: RwSignal<Content>,
    /// What it said when it was last saved.
    pub saved: RwSignal<Content>,
    /// The draft's revision, 0 without a draft.
    pub revision: RwSignal<i32>,
    /// The language looked at.
    pub locale: RwSignal<Locale>,
    /// The block looked at.
    pub chosen: RwSignal<Option<Spot>>,
    /// What went wrong last.
    pub failure: RwSignal<Option<Failure>>,
    /// Counts what changes blocks from outside their fields, so that the fields are drawn anew.
    pub turn: RwSignal<u32>,
    steps: RwSignal<Vec<Content>>,
    faults: Memo<Vec<FieldError>>,
}

impl Desk {
    /// A template with the version that is edited.
    pub fn new(template: Template, content: Content) -> Self {
        let kind = template.summary.kind;
        let revision = revision_of(&template);
        let content = RwSignal::new(content);
        let locale =
            content.with_untracked(|content| content.locales.first().map_or(Locale::En, |one| one.locale));
        Self {
            template: RwSignal::new(template),
            saved: RwSignal::new(content.get_untracked()),
            content,
            revision: RwSignal::new(revision),
            locale: RwSignal::new(locale),
            chosen: RwSignal::new(None),
            failure: RwSignal::new(None),
            turn: RwSignal::new(0),
            steps: RwSignal::new(Vec::new()),
            faults: Memo::new(move |_| content.with(|content| check::faults(kind, content))),
        }
    }

    /// The template's id as it stands in addresses.
    pub fn id(self) -> String {
        self.template.with_untracked(|template| template.summary.id.to_string())
    }

    /// Whether the person may change it. Tracks.
    pub fn may_change(self) -> bool {
        session::can(Permission::TemplatesManage)
    }

    /// Whether something is not saved. Tracks.
    pub fn changed(self) -> bool {
        self.content.get() != self.saved.get()
    }

    /// How many faults there are in all languages. Tracks.
    pub fn fault_count(self) -> usize {
        self.faults.with(Vec::len)
    }

    /// How many faults there are in all languages.
    pub fn fault_count_untracked(self) -> usize {
        untrack(|| self.fault_count())
    }

    /// Takes what the server says the draft is now.
    pub fn take(self, template: Template, content: Option<Content>) {
        self.revision.set(revision_of(&template));
        self.template.set(template);
        if let Some(content) = content {
            self.saved.set(content.clone());
            self.content.set(content);
            self.steps.set(Vec::new());
            self.chosen.set(None);
            self.turn.update(|turn| *turn += 1);
        }
        self.failure.set(None);
    }

    /// What it says in the language looked at. Tracks.
    pub fn here(self) -> Option<LocaleContent> {
        let locale = self.locale.get();
        self.content.with(|content| content.of(locale).cloned())
    }

    /// The block at a spot. Tracks.
    pub fn block(self, spot: Spot) -> Option<Block> {
        list(&self.here()?, spot.place)?.get(spot.at).cloned()
    }

    /// The path of a field in the language looked at, as faults name it.
    fn path(self, field: &str) -> Option<String> {
        let locale = self.locale.get();
        let at = self.content.with(|content| content.locales.iter().position(|one| one.locale == locale))?;
        Some(format!("locales[{at}].{field}"))
    }

    /// What is wrong with a field, found here or told by the server. Tracks.
    pub fn error(self, field: &str) -> Option<String> {
        let path = self.path(field)?;
        let here = self.faults.with(|faults| {
            let fault = faults.iter().find(|fault| fault.field == path)?;
            let known = i18n::known(&format!("fields.{}", fault.code));
            Some(known.unwrap_or_else(|| fault.message.clone()))
        });
        here.or_else(|| self.failure.with(|failure| failure.as_ref()?.field(&path)))
    }

    /// Whether anything is wrong with a block or inside it. Tracks.
    pub fn is_faulty(self, spot: Spot) -> bool {
        let Some(path) = self.path(&name(spot)) else { return false };
        self.faults.with(|faults| faults.iter().any(|fault| fault.field.starts_with(&path)))
    }

    /// Changes the language looked at, so that it can be taken back.
    pub fn change(self, change: impl FnOnce(&mut LocaleContent)) {
        self.remember();
        self.write(change);
        self.turn.update(|turn| *turn += 1);
    }

    /// Changes what is typed in a field: the fields stay as they are.
    pub fn write(self, change: impl FnOnce(&mut LocaleContent)) {
        let locale = self.locale.get_untracked();
        self.content.update(|content| {
            if content.of(locale).is_none() {
                content.locales.push(LocaleContent::empty(locale));
            }
            if let Some(one) = content.locales.iter_mut().find(|one| one.locale == locale) {
                change(one);
            }
        });
    }

    /// Changes the block at a spot while somebody types.
    pub fn write_block(self, spot: Spot, change: impl FnOnce(&mut Block)) {
        self.write(|content| {
            if let Some(block) = list_mut(content, spot.place).and_then(|blocks| blocks.get_mut(spot.at)) {
                change(block);
            }
        });
    }

    /// Keeps the present state to go back to.
    pub fn remember(self) {
        let now = self.content.get_untracked();
        self.steps.update(|steps| {
            if steps.last() != Some(&now) {
                steps.push(now);
            }
            if steps.len() > STEPS {
                steps.remove(0);
            }
        });
    }

    /// Whether something can be taken back. Tracks.
    pub fn can_undo(self) -> bool {
        self.steps.with(|steps| !steps.is_empty())
    }

    /// Takes the last change of blocks back.
    pub fn undo(self) {
        let Some(before) = self.steps.try_update(Vec::pop).flatten() else { return };
        self.content.set(before);
        self.chosen.set(None);
        self.turn.update(|turn| *turn += 1);
    }

    /// Puts a block behind the one looked at, or at the end, and looks at it.
    pub fn add(self, block: Block, place: Place) {
        let after = self.chosen.get_untracked().filter(|spot| spot.place == place).map(|spot| spot.at + 1);
        let mut at = 0;
        self.change(|content| {
            if let Some(blocks) = list_mut(content, place) {
                at = after.unwrap_or(blocks.len()).min(blocks.len());
                blocks.insert(at, block);
            }
        });
        self.chosen.set(Some(Spot { place, at }));
    }

    /// Moves a block within its list and keeps looking at it.
    pub fn move_to(self, spot: Spot, to: usize) {
        let mut moved = false;
        self.change(|content| {
            if let Some(blocks) =
                list_mut(content, spot.place).filter(|blocks| spot.at < blocks.len() && to < blocks.len())
            {
                let block = blocks.remove(spot.at);
                blocks.insert(to, block);
                moved = true;
            }
        });
        if moved {
            self.chosen.set(Some(Spot { at: to, ..spot }));
        }
    }

    /// Puts a copy behind a block.
    pub fn duplicate(self, spot: Spot) {
        self.change(|content| {
            if let Some(blocks) = list_mut(content, spot.place).filter(|blocks| spot.at < blocks.len()) {
                blocks.insert(spot.at + 1, blocks[spot.at].clone());
            }
        });
        self.chosen.set(Some(Spot { at: spot.at + 1, ..spot }));
    }

    /// Takes a block away.
    pub fn delete(self, spot: Spot) {
        self.change(|content| {
            if let Some(blocks) = list_mut(content, spot.place).filter(|blocks| spot.at < blocks.len()) {
                blocks.remove(spot.at);
            }
        });
        self.chosen.set(None);
    }
}

fn revision_of(template: &Template) -> i32 {
    let draft = template.versions.iter().find(|one| Some(one.number) == template.summary.draft);
    draft.map_or(0, |draft| draft.revision)
}

/// The name of a block as faults have it: `blocks[3].columns[0].blocks[1]`.
pub fn name(spot: Spot) -> String {
    match spot.place {
        Place::Letter => format!("blocks[{}]", spot.at),
        Place::Column(block, column) => format!("blocks[{block}].columns[{column}].blocks[{}]", spot.at),
    }
}

fn list(content: &LocaleContent, place: Place) -> Option<&Vec<Block>> {
    match place {
        Place::Letter => Some(&content.blocks),
        Place::Column(block, column) => match content.blocks.get(block)? {
            Block::Columns { columns } => columns.get(column).map(|column: &Column| &column.blocks),
            _ => None,
        },
    }
}

fn list_mut(content: &mut LocaleContent, place: Place) -> Option<&mut Vec<Block>> {
    match place {
        Place::Letter => Some(&mut content.blocks),
        Place::Column(block, column) => match content.blocks.get_mut(block)? {
            Block::Columns { columns } => columns.get_mut(column).map(|column| &mut column.blocks),
            _ => None,
        },
    }
}

/// An empty block of a kind, by its stable name.
pub fn fresh(kind: &str) -> Option<Block> {
    let empty = String::new;
    Some(match kind {
        "heading" => Block::Heading { text: empty(), level: 2 },
        "text" => Block::Text { text: empty() },
        "button" => Block::Button { label: empty(), address: "{{ order.url }}".to_owned() },
        "image" => Block::Image { address: empty(), alt: empty(), link: empty(), width: 544 },
        "divider" => Block::Divider {},
        "spacer" => Block::Spacer { height: 24 },
        "columns" => Block::Columns { columns: vec![Column::default(), Column::default()] },
        "event" => Block::Event {},
        "places" => Block::Places {},
        "tickets" => Block::Tickets {},
        "payment_code" => Block::PaymentCode {},
        "footer" => Block::Footer { text: empty() },
        _ => return None,
    })
}
