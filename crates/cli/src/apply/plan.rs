//! Which file goes where, settled before any is touched.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::inputs::Inputs;
use crate::failure::Failure;
use crate::output::folder_of;
use crate::picture::Format;

/// One picture to work on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    pub(crate) input: PathBuf,
    pub(crate) output: PathBuf,
    /// None: that of the input, whatever it is.
    pub(crate) format: Option<Format>,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) tasks: Vec<Task>,
    /// The folder they go to, if it is one; it may not be there yet.
    folder: Option<PathBuf>,
}

impl Plan {
    /// Makes the folder for the outputs.
    pub(crate) fn make_folder(&self) -> Result<(), Failure> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        fs::create_dir_all(folder).map_err(|error| {
            Failure::Failed(format!(
                "{}: the folder cannot be made: {error}",
                folder.display()
            ))
        })
    }
}

/// Finds a name for every output. Refused are names that two inputs share, and inputs as outputs: with `overwrite` a picture may
/// replace itself, but never another input. Files that are no inputs may be replaced: they are the outputs of an earlier run.
pub(crate) fn plan(
    inputs: &Inputs,
    out: &Path,
    is_mask: bool,
    overwrite: bool,
) -> Result<Plan, Failure> {
    let several = inputs.is_open || inputs.files.len() > 1;
    let folder = is_folder(out, several)?;
    let task = |input: &PathBuf| {
        let output = if folder {
            in_folder(out, input, is_mask)
        } else {
            out.to_owned()
        };
        Task {
            input: input.clone(),
            format: Format::of_name(&output),
            output,
        }
    };
    let tasks: Vec<Task> = inputs.files.iter().map(task).collect();
    if !folder {
        check_file(out, is_mask)?;
    }
    check_twins(&tasks)?;
    check_inputs(&tasks, overwrite)?;
    Ok(Plan {
        tasks,
        folder: folder.then(|| out.to_owned()),
    })
}

fn is_folder(out: &Path, several: bool) -> Result<bool, Failure> {
    let name = out.as_os_str().as_encoded_bytes();
    let slash = name
        .last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)));
    if out.is_dir() {
        return Ok(true);
    }
    let refused = |why: &str| {
        Err(Failure::Usage(format!(
            "-o {}: {why}; give a folder",
            out.display()
        )))
    };
    match (several || slash, out.exists()) {
        (true, true) => refused("is a file, and several pictures do not fit into one"),
        (true, false) if !slash && Format::of_name(out).is_some() => refused(
            "has the name of one picture, and there may be several (a slash after it makes it a folder)",
        ),
        (is_folder, _) => Ok(is_folder),
    }
}

fn in_folder(folder: &Path, input: &Path, is_mask: bool) -> PathBuf {
    let name = input.file_name().unwrap_or_default();
    let output = folder.join(name);
    if is_mask {
        return output.with_extension("png");
    }
    #[cfg(feature = "heif")]
    if Format::is_only_read(input) {
        return output.with_extension(crate::picture::ending_for(input));
    }
    output
}

fn check_file(out: &Path, is_mask: bool) -> Result<(), Failure> {
    let name = out.display();
    let format = Format::of_name(out);
    if is_mask && format != Some(Format::Png) {
        return Err(Failure::Usage(format!(
            "-o {name}: a mask is written as 16-bit grey PNG; give a name that ends in .png"
        )));
    }
    if Format::is_only_read(out) {
        return Err(Failure::Usage(format!(
            "-o {name}: HEIC and AVIF are not written; allowed: {}, or a folder with a slash at its end",
            Format::ENDINGS
        )));
    }
    if format.is_none() {
        return Err(Failure::Usage(format!(
            "-o {name}: the ending names no format; allowed: {}, or a folder with a slash at its end",
            Format::ENDINGS
        )));
    }
    if !folder_of(out).is_dir() {
        return Err(Failure::Usage(format!(
            "-o {name}: there is no folder {}; make it first",
            folder_of(out).display()
        )));
    }
    Ok(())
}

fn check_twins(tasks: &[Task]) -> Result<(), Failure> {
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    for task in tasks {
        // Two names may be links to one file.
        let output = fs::canonicalize(&task.output).unwrap_or_else(|_| task.output.clone());
        if let Some(other) = taken.insert(output, &task.input) {
            return Err(Failure::Usage(format!(
                "{} and {} would both become {}; work on them one after the other, into two folders",
                other.display(),
                task.input.display(),
                task.output.display()
            )));
        }
    }
    Ok(())
}

fn check_inputs(tasks: &[Task], overwrite: bool) -> Result<(), Failure> {
    let identity = |task: &Task| identity(&task.input);
    let inputs: HashMap<Identity, usize> = tasks
        .iter()
        .enumerate()
        .filter_map(|(index, task)| Some((identity(task)?, index)))
        .collect();
    for (index, task) in tasks.iter().enumerate() {
        let output = self::identity(&task.output);
        let Some(&input) = output.and_then(|output| inputs.get(&output)) else {
            continue;
        };
        let name = task.output.display();
        if input != index {
            let of = task.input.display();
            return Err(Failure::Usage(format!(
                "{name}: is an input, and the result for {of} would replace it; give another -o"
            )));
        }
        if !overwrite {
            return Err(Failure::Usage(format!(
                "{name}: is an input (by this or another name); give another -o, or --overwrite to replace it"
            )));
        }
    }
    Ok(())
}

/// What makes a file the same file by whatever name or link.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(file: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(not(unix))]
fn identity(file: &Path) -> Option<Identity> {
    fs::canonicalize(file).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn file(&self, name: &str) -> PathBuf {
            let file = self.path(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, name).unwrap();
            file
        }

        fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }
    }

    fn inputs(files: &[&PathBuf]) -> Inputs {
        Inputs {
            files: files.iter().map(|file| (*file).clone()).collect(),
            ..Inputs::default()
        }
    }

    fn outputs(plan: &Plan) -> Vec<&Path> {
        plan.tasks
            .iter()
            .map(|task| task.output.as_path())
            .collect()
    }

    fn refusal(inputs: &Inputs, out: &Path) -> String {
        plan(inputs, out, false, false).unwrap_err().to_string()
    }

    #[test]
    fn one_picture_takes_the_name_given_and_its_format() {
        let folder = Folder::new();
        let input = folder.file("a.png");
        let plan = plan(&inputs(&[&input]), &folder.path("b.jpg"), false, false).unwrap();
        assert_eq!(outputs(&plan), [folder.path("b.jpg")]);
        assert_eq!(plan.tasks[0].format, Some(Format::Jpeg));
    }

    #[test]
    fn a_slash_a_folder_or_several_pictures_make_a_folder_and_names_stay() {
        let folder = Folder::new();
        let (a, b) = (folder.file("a.png"), folder.file("b.tif"));
        let one = inputs(&[&a]);
        let with_slash = plan(&one, &folder.path("new/"), false, false).unwrap();
        assert_eq!(outputs(&with_slash), [folder.path("new/a.png")]);
        fs::create_dir(folder.path("old.png")).unwrap();
        let there = plan(&one, &folder.path("old.png"), false, false).unwrap();
        assert_eq!(outputs(&there), [folder.path("old.png/a.png")]);
        let two = plan(&inputs(&[&a, &b]), &folder.path("new"), false, false).unwrap();
        assert_eq!(
            outputs(&two),
            [folder.path("new/a.png"), folder.path("new/b.tif")]
        );
        two.make_folder().unwrap();
        assert!(folder.path("new").is_dir());
        let open = Inputs {
            is_open: true,
            ..one
        };
        let open = plan(&open, &folder.path("new"), false, false).unwrap();
        assert_eq!(outputs(&open), [folder.path("new/a.png")]);
    }

    #[test]
    fn several_pictures_do_not_go_into_one_file() {
        let folder = Folder::new();
        let (a, b) = (folder.file("a.png"), folder.file("b.png"));
        let both = inputs(&[&a, &b]);
        assert!(refusal(&both, &folder.file("c.png")).contains("is a file"));
        assert!(refusal(&both, &folder.path("d.png")).contains("name of one picture"));
        assert!(plan(&both, &folder.path("d.png/"), false, false).is_ok());
    }

    #[test]
    fn endings_that_name_no_format_and_folders_that_are_not_there_are_refused() {
        let folder = Folder::new();
        let one = inputs(&[&folder.file("a.png")]);
        assert!(refusal(&one, &folder.path("b.gif")).contains(".webp"));
        for name in ["b.HEIC", "b.avif"] {
            assert!(refusal(&one, &folder.path(name)).contains("are not written; allowed: .png"));
        }
        assert!(refusal(&one, &folder.path("b")).contains("names no format"));
        assert!(refusal(&one, &folder.path("none/b.png")).contains("there is no folder"));
    }

    #[test]
    fn a_mask_is_a_png() {
        let folder = Folder::new();
        let one = inputs(&[&folder.file("a.jpg")]);
        let error = plan(&one, &folder.path("b.tif"), true, false)
            .unwrap_err()
            .to_string();
        assert!(error.contains("16-bit grey PNG"), "{error}");
        let masks = plan(&one, &folder.path("masks/"), true, false).unwrap();
        assert_eq!(outputs(&masks), [folder.path("masks/a.png")]);
    }

    #[test]
    fn two_inputs_of_the_same_name_are_refused_and_both_named() {
        let folder = Folder::new();
        let (a, b) = (folder.file("1/a.png"), folder.file("2/a.png"));
        let error = refusal(&inputs(&[&a, &b]), &folder.path("out"));
        assert!(error.contains(&a.display().to_string()), "{error}");
        assert!(error.contains(&b.display().to_string()), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn two_outputs_that_are_links_to_one_file_are_refused() {
        let folder = Folder::new();
        let (a, b) = (folder.file("in/a.png"), folder.file("in/b.png"));
        let both = inputs(&[&a, &b]);
        folder.file("out/a.png");
        assert!(plan(&both, &folder.path("out"), false, false).is_ok());
        std::os::unix::fs::symlink("a.png", folder.path("out/b.png")).unwrap();
        assert!(refusal(&both, &folder.path("out")).contains("would both become"));
    }

    #[test]
    fn an_input_is_replaced_only_by_itself_and_only_when_told() {
        let folder = Folder::new();
        let input = folder.file("a.png");
        let one = inputs(&[&input]);
        assert!(refusal(&one, &input).contains("--overwrite"));
        assert!(refusal(&one, folder.0.path()).contains("--overwrite"));
        assert!(refusal(&one, &folder.path("./a.png")).contains("--overwrite"));
        assert!(plan(&one, &input, false, true).is_ok());
        // Here a/x.png would become b/x.png, which is itself an input and would become c/x.png.
        let (a, b) = (folder.file("a/x.png"), folder.file("b/x.png"));
        let error = plan(&inputs(&[&b, &a]), &folder.path("b"), false, true).unwrap_err();
        assert!(error.to_string().contains("x.png"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_do_not_hide_an_input() {
        let folder = Folder::new();
        let one = inputs(&[&folder.file("a.png")]);
        std::os::unix::fs::symlink(&one.files[0], folder.path("soft.png")).unwrap();
        fs::hard_link(&one.files[0], folder.path("hard.png")).unwrap();
        for name in ["soft.png", "hard.png"] {
            assert!(
                refusal(&one, &folder.path(name)).contains("is an input"),
                "{name}"
            );
        }
    }

    #[test]
    fn an_earlier_output_may_be_replaced() {
        let folder = Folder::new();
        let one = inputs(&[&folder.file("a.png")]);
        assert!(plan(&one, &folder.file("b.png"), false, false).is_ok());
    }

    #[test]
    fn another_input_is_never_replaced() {
        let folder = Folder::new();
        // 1/a.png goes to out/a.png; out/a.png is an input too, by another name.
        let (first, second) = (folder.file("1/a.png"), folder.file("out/b.png"));
        fs::hard_link(&second, folder.path("out/a.png")).unwrap();
        for overwrite in [false, true] {
            let both = inputs(&[&first, &second]);
            let error = plan(&both, &folder.path("out"), false, overwrite).unwrap_err();
            let error = error.to_string();
            assert!(
                error.contains("the result for") || error.contains("--overwrite"),
                "{error}"
            );
        }
    }
}
