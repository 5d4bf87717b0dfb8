//! The typst compiler with everything it may read: one template, the shipped fonts, one data file.

use crate::DocumentError;
use std::sync::{LazyLock, OnceLock};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// Results of the compiler that were not used by this many later documents are forgotten.
const KEEP_RESULTS_FOR: usize = 4;

static FONT_FILES: [&[u8]; 7] = [
    include_bytes!("../fonts/BarlowCondensed-SemiBold.ttf"),
    include_bytes!("../fonts/BarlowCondensed-ExtraBold.ttf"),
    include_bytes!("../fonts/Inter-Regular.ttf"),
    include_bytes!("../fonts/Inter-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansThai-Regular.ttf"),
    include_bytes!("../fonts/NotoSansThai-SemiBold.ttf"),
    include_bytes!("../fonts/NotoSansThai-ExtraBold.ttf"),
];

/// A template and the file it reads its data from, as `/data.json`.
pub(crate) struct Template {
    name: &'static str,
    text: &'static str,
    source: OnceLock<Source>,
}

impl Template {
    pub(crate) const fn new(name: &'static str, text: &'static str) -> Self {
        Self { name, text, source: OnceLock::new() }
    }

    fn source(&self) -> &Source {
        self.source.get_or_init(|| Source::new(file_id(self.name), self.text.to_owned()))
    }
}

/// Typesets `template` with `data` (JSON) into a PDF file. `identity` names the document: equal input with
/// equal identity gives equal bytes.
pub(crate) fn typeset(
    template: &'static Template,
    data: Vec<u8>,
    identity: &str,
) -> Result<Vec<u8>, DocumentError> {
    let desk = Desk { source: template.source(), data: Bytes::new(data) };
    let pdf = compile(&desk, identity);
    typst::comemo::evict(KEEP_RESULTS_FOR);
    pdf
}

fn compile(desk: &Desk, identity: &str) -> Result<Vec<u8>, DocumentError> {
    let document: PagedDocument = typst::compile(desk).output.map_err(|errors| explain(&errors))?;
    let options = PdfOptions {
        ident: Smart::Custom(identity.to_owned()),
        creator: Smart::Custom(Some("Ringside".to_owned())),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| explain(&errors))
}

fn explain(errors: &[SourceDiagnostic]) -> DocumentError {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    DocumentError::Typesetting(messages.join("; "))
}

/// The standard library and the fonts: made once, the same for every document.
struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    data: FileId,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let fonts: Vec<Font> = FONT_FILES.iter().flat_map(|file| Font::iter(Bytes::new(*file))).collect();
    Shop {
        library: LazyHash::new(<Library as LibraryExt>::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        data: file_id("data.json"),
    }
});

fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("safe: the names are constants without `..`");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What one compilation may read. There is no file system, no network and no clock behind it.
struct Desk<'a> {
    source: &'a Source,
    data: Bytes,
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &SHOP.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHOP.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == SHOP.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHOP.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_fonts_carry_the_families_the_templates_name() {
        for family in ["barlow", "inter", "noto sans thai"] {
            assert!(SHOP.book.contains_family(family), "{family} is missing");
        }
        assert_eq!(SHOP.fonts.len(), FONT_FILES.len());
    }
}
