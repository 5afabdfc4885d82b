//! Where the files of a pack come from: a folder, or the binary itself.

use std::{
    fs,
    path::{Path, PathBuf},
};

use include_dir::Dir;

/// The files of one pack. Paths are relative to it, with `/`.
pub trait PackFiles {
    /// The bytes of a file; `None` when there is none or it can't be read. A file longer than
    /// [`super::FILE_BYTES_MAX`] may come back cut after one byte more than that.
    fn read(&self, path: &str) -> Option<Vec<u8>>;

    /// Names right below a folder (`""` is the pack itself), sorted; those of folders end in `/`.
    fn list(&self, dir: &str) -> Vec<String>;
}

/// A pack in a folder on disk.
#[derive(Debug, Clone)]
pub struct FolderFiles(pub PathBuf);

impl FolderFiles {
    /// The path inside the folder; `None` for one that would leave it.
    fn inside(&self, path: &str) -> Option<PathBuf> {
        let stays = |part: std::path::Component<'_>| matches!(part, std::path::Component::Normal(_));
        Path::new(path).components().all(stays).then(|| self.0.join(path))
    }
}

impl PackFiles for FolderFiles {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        use std::io::Read;
        let mut bytes = Vec::new();
        let most = u64::try_from(super::FILE_BYTES_MAX).expect("fits") + 1;
        fs::File::open(self.inside(path)?).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let Some(entries) = self.inside(dir).and_then(|path| fs::read_dir(path).ok()) else {
            return Vec::new();
        };
        let name = |entry: fs::DirEntry| {
            let name = entry.file_name().into_string().ok()?;
            Some(if entry.path().is_dir() { format!("{name}/") } else { name })
        };
        let mut names: Vec<String> = entries.filter_map(|entry| name(entry.ok()?)).collect();
        names.sort();
        names
    }
}

/// A pack inside the binary: the folder `name` of a tree of packs.
#[derive(Debug, Clone)]
pub struct EmbeddedFiles {
    tree: &'static Dir<'static>,
    name: String,
}

impl EmbeddedFiles {
    /// The pack `name` of a tree, when there is one.
    pub fn find(tree: &'static Dir<'static>, name: &str) -> Option<Self> {
        let found = tree.get_dir(name)?.path().to_str() == Some(name);
        found.then(|| Self { tree, name: name.to_owned() })
    }

    fn path(&self, path: &str) -> String {
        if path.is_empty() { self.name.clone() } else { format!("{}/{path}", self.name) }
    }
}

impl PackFiles for EmbeddedFiles {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        Some(self.tree.get_file(self.path(path))?.contents().to_vec())
    }

    fn list(&self, dir: &str) -> Vec<String> {
        let Some(dir) = self.tree.get_dir(self.path(dir.trim_end_matches('/'))) else {
            return Vec::new();
        };
        let name = |path: &Path| path.file_name()?.to_str().map(str::to_owned);
        let files = dir.files().filter_map(|file| name(file.path()));
        let dirs = dir.dirs().filter_map(|dir| Some(format!("{}/", name(dir.path())?)));
        let mut names: Vec<String> = files.chain(dirs).collect();
        names.sort();
        names
    }
}
