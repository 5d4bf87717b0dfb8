//! A letter in a frame, dressed as its reader's mail program would.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlIFrameElement};

/// The page's policy ignores `style` attributes and style sheets in HTML, a letter's too: each attribute is
/// set by its element, and each sheet is adopted by the frame's document. `dark`: as on a screen that is
/// set to dark.
pub fn dress(event: &Event, dark: bool) {
    let Some(frame) = event.target().and_then(|frame| frame.dyn_into::<HtmlIFrameElement>().ok()) else {
        return;
    };
    let Some(letter) = frame.content_document() else { return };
    for element in all(&letter, "[style]") {
        // An element of another document: asked for by what it can do, not by its class here.
        let element: HtmlElement = element.unchecked_into();
        if let Some(style) = element.get_attribute("style") {
            element.style().set_css_text(&style);
        }
    }
    let sheets: Vec<String> = all(&letter, "style").iter().filter_map(|sheet| sheet.text_content()).collect();
    // What the frame cannot be told by its screen: whether it is dark.
    let (yes, no) = ("(min-width: 0)", "(max-width: 0)");
    let css = sheets
        .join("\n")
        .replace("(prefers-color-scheme: dark)", if dark { yes } else { no })
        .replace("(prefers-color-scheme:dark)", if dark { yes } else { no });
    // A browser without adopted sheets shows the letter all the same, only wider on a phone.
    let _ = adopt(&frame, &letter, &css);
}

fn all(letter: &Document, selector: &str) -> Vec<Element> {
    let Ok(found) = letter.query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)).map(JsCast::unchecked_into).collect()
}

/// A sheet belongs to the window it is made in, so it is made in the frame's.
fn adopt(frame: &HtmlIFrameElement, letter: &Document, css: &str) -> Result<(), JsValue> {
    let window = Reflect::get(frame, &"contentWindow".into())?;
    let maker: Function = Reflect::get(&window, &"CSSStyleSheet".into())?.dyn_into()?;
    let sheet: Object = Reflect::construct(&maker, &Array::new())?.unchecked_into();
    let replace: Function = Reflect::get(&sheet, &"replaceSync".into())?.dyn_into()?;
    replace.call1(&sheet, &css.into())?;
    Reflect::set(letter, &"adoptedStyleSheets".into(), &Array::of1(&sheet))?;
    Ok(())
}
