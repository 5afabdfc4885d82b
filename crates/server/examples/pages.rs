//! Writes every sample page to a folder, to be looked at in a browser:
//! `cargo run -p server --example pages -- FOLDER`.

use std::error::Error;
use std::path::PathBuf;

use server::pages::render::{ASSETS_PATH, Lang, Renderer, asset, asset_names, texts_from_toml};
use server::pages::views::all_samples;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("usage: pages FOLDER")?);
    let texts = include_str!("../../../packs/zhejiang/texts/pages.toml");
    let renderer = Renderer::new(texts_from_toml(texts)?)?;
    std::fs::create_dir_all(folder.join("assets"))?;
    for name in asset_names() {
        if let Some((bytes, _)) = asset(&name) {
            std::fs::write(folder.join("assets").join(&name), bytes)?;
        }
    }
    for (lang, lang_name) in [(Lang::Zh, "zh"), (Lang::En, "en")] {
        for (large, size) in [(false, "normal"), (true, "large")] {
            for (name, html) in all_samples(&renderer, lang, large)? {
                let html = html.replace(ASSETS_PATH, "assets/");
                std::fs::write(folder.join(format!("{name}.{lang_name}.{size}.html")), html)?;
            }
        }
    }
    Ok(())
}
